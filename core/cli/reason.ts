/** Why a command failed, in words; a stack only for what nobody foresaw. */
import { HostError } from '../contract/errors.ts';

export function reason(error: unknown): string {
  if (error instanceof HostError) return error.message;
  if (!(error instanceof Error)) return String(error);
  type Failure = NodeJS.ErrnoException & { address?: string; port?: number; flag?: string };
  const { code, address, port, flag = '--port' } = error as Failure;
  switch (code) {
    case 'EADDRINUSE':
      return `Cannot listen on ${address}:${port}: another program does already. Use ${flag} to take another one.`;
    case 'EACCES':
      return port === undefined ? error.message : `Cannot listen on ${address}:${port}: this user may not.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `Cannot listen on ${address ?? 'the host'}: this machine has no such address.`;
    default:
      return error.stack ?? error.message;
  }
}
