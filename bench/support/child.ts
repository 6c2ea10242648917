/** A process of a benchmark: started, waited for until it says that it is ready, and stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export type Child = {
  readonly process: ChildProcess;
  readonly pid: number;
  /** The first line of its standard output that fits. @throws when it ends without one. */
  line(fits: (line: string) => boolean): Promise<string>;
  /** The end of what it wrote to standard error. */
  said(): string;
  /** Ends it: SIGTERM, and SIGKILL when it does not go. Stopping twice is harmless. */
  stop(): Promise<void>;
};

const stopMs = 15_000;

/** Starts a program; what it writes to standard error is kept and shown when it fails. */
export function startChild(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Child {
  const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-20_000);
  });
  const lines: string[] = [];
  const looks = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const look of looks) look();
  });
  child.once('close', () => {
    for (const look of looks) look();
  });
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;

  return {
    process: child,
    pid: child.pid ?? 0,
    said: () => said,
    line(fits) {
      const found = Promise.withResolvers<string>();
      let next = 0;
      const look = (): void => {
        for (; next < lines.length; next++) {
          const line = lines[next] as string;
          if (fits(line)) return found.resolve(line);
        }
        const end = said.slice(-1500);
        if (isOver()) found.reject(new Error(`${command} ended (${child.signalCode ?? child.exitCode}):\n${end}`));
      };
      looks.add(look);
      look();
      return found.promise.finally(() => looks.delete(look));
    },
    async stop() {
      if (isOver()) return;
      const over = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      await over;
      clearTimeout(timer);
    },
  };
}
