/** Where the syntax of some modules is wrong, asked of a process of its own. */
import { spawn } from 'node:child_process';
import { text as readAll } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from './folder.ts';

/** Lines and columns start at 1. */
export type Place = { readonly path: string; readonly line: number; readonly column: number };

const asked = fileURLToPath(new URL('./syntax-process.ts', import.meta.url));
const hooks = new URL('../../bin/hooks.js', import.meta.url).href;
/** Less than a load may take; on an idle machine it is a tenth of a second. */
const answerMs = 9_000;
const noProblem = () => {};

/** Undefined when none is wrong by itself, or the process does not say. */
export async function findSyntaxError(files: readonly SourceFile[]): Promise<Place | undefined> {
  const modules = files.filter(({ path }) => /\.(ts|js|mjs)$/.test(path)).map(({ path, text }) => ({ path, text }));
  const child = spawn(process.execPath, ['--import', hooks, asked], {
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: answerMs,
    killSignal: 'SIGKILL',
  });
  const failed = new Promise<string>((done) => child.once('error', () => done('')));
  // A process that has ended reads no more; its answer, or the lack of one, is what counts.
  child.stdin.on('error', noProblem);
  child.stdin.end(JSON.stringify(modules));
  const answer = await Promise.race([readAll(child.stdout), failed]);
  return answer === '' ? undefined : ((JSON.parse(answer) as Place | null) ?? undefined);
}
