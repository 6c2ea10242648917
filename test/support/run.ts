import { execFile } from 'node:child_process';

/** What a finished program said and how it ended; `code` is null when a signal ended it. */
export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs a program of the pinned Node to its end, with exactly this environment beside PATH and HOME. */
export function runNode(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  return run(process.execPath, args, options);
}

/** Runs any program to its end; a code other than 0 is an outcome, not an error. */
export function run(
  file: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((done, failed) => {
    execFile(file, args, { cwd, env: { PATH, HOME, ...env }, maxBuffer: 64e6 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'string') failed(error);
      else done({ code: code ?? null, stdout, stderr });
    });
  });
}
