/** Why a command failed, in words; a stack only for what nobody foresaw. */
import { HostError } from '../contract/errors.ts';

export function reason(error: unknown): string {
  if (error instanceof HostError) return error.message;
  if (!(error instanceof Error)) return String(error);
  type Failure = NodeJS.ErrnoException & { address?: string; hostname?: string; port?: number; flag?: string };
  const { code, syscall, address, hostname, port, flag = '--port' } = error as Failure;
  // The system says of too few watches what it says of a full disk.
  if (syscall === 'watch')
    return `Cannot watch files: ${error.message}. Raise fs.inotify.max_user_watches and max_user_instances (sysctl), or use --poll.`;
  switch (code) {
    case 'EADDRINUSE':
      return `Cannot listen on ${address}:${port}: another program does already. Use ${flag} to take another one.`;
    case 'EACCES':
      return port === undefined ? error.message : `Cannot listen on ${address}:${port}: this user may not.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `Cannot listen on ${address ?? hostname ?? 'the host'}: this machine has no such address. Use --host to take another one.`;
    default:
      return error.stack ?? error.message;
  }
}
