/**
 * Where the syntax of some modules is wrong. Node keeps the place of V8's own complaints (a name declared twice) to itself
 * when it imports a module; its `--check`, in a process of its own, tells.
 */
import { spawn } from 'node:child_process';
import { text as readAll } from 'node:stream/consumers';
import { transformSync } from 'amaro';
import type { SourceFile } from './folder.ts';

export type Place = { readonly path: string; readonly line: number; readonly column: number };

/** Less than a load may take; on an idle machine it is a twentieth of a second. */
const answerMs = 9_000;
const noProblem = () => {};

/** The first wrong one; undefined when none is wrong by itself, or the process does not say. */
export async function findSyntaxError(files: readonly SourceFile[]): Promise<Place | undefined> {
  for (const { path, text } of files) {
    if (!/\.(ts|js|mjs)$/.test(path)) continue;
    const match = /^\[stdin\]:(\d+)\n.*\n([ \t]*)\^/m.exec(
      await checkModule(path.endsWith('.ts') ? strip(text) : text),
    );
    if (match) return { path, line: Number(match[1]), column: (match[2] as string).length + 1 };
  }
  return undefined;
}

/** Blanks where types were: lines and columns stay. The file's types are right, or it would not have come to V8. */
function strip(text: string): string {
  return transformSync(text, { mode: 'strip-only' }).code;
}

/** What Node says about a module's text without running it. */
async function checkModule(text: string): Promise<string> {
  const child = spawn(process.execPath, ['--check', '--input-type=module', '-'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: answerMs,
  });
  const failed = new Promise<string>((done) => child.once('error', () => done('')));
  // A process that has ended reads no more; what it said, or did not, is what counts.
  child.stdin.on('error', noProblem);
  child.stdin.end(text);
  return Promise.race([readAll(child.stderr), failed]);
}
