/**
 * Entry of the compiler process: reads and compiles designers' files, one job after the other, until its input ends or
 * it is ended from outside. It holds nothing worth keeping; whatever it does not expect ends it.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { openPipe } from '../link/pipe.ts';
import { compilePage, compileScript } from '../script/compile.ts';
import { fileLimits, openRoot } from './files.ts';
import { readGame } from './game.ts';
import type { FromCompiler, Job, JobResult, ToCompiler } from './jobs.ts';
import { readMap } from './map.ts';
import { findTooDeep } from './nesting.ts';

const pipe = openPipe({
  input: createReadStream('', { fd: 3 }),
  output: createWriteStream('', { fd: 4 }),
  onMessage(message) {
    const { id, job } = message as ToCompiler;
    const answer: FromCompiler = { id, result: work(job) };
    if (pipe.send(answer) !== 'sent') throw new Error('the result is too long');
  },
  onEnd: ({ kind }) => process.exit(kind === 'closed' ? 0 : 1),
});
pipe.send({ ready: true } satisfies FromCompiler);

function work(job: Job): JobResult {
  switch (job.kind) {
    case 'page': {
      const deep = findTooDeep(job.source);
      return deep ? tooDeep(job.path, deep) : compilePage(job.path, job.source);
    }
    case 'script': {
      const compiled = compileScript({ ...job, read: (path) => readScript(job.root, path) });
      return compiled.kind === 'ok' ? { kind: 'program', program: compiled.program } : compiled;
    }
    case 'map': {
      const outcome = readMap(openRoot(job.root, job.root), job.path, job.folder);
      return outcome.kind === 'ok' ? { kind: 'map', map: outcome.map } : outcome;
    }
    case 'game': {
      const outcome = readGame(openRoot(job.root, job.root), job.folder);
      return outcome.kind === 'ok' ? { kind: 'game', game: outcome.game } : outcome;
    }
  }
}

function tooDeep(file: string, at: { readonly line: number; readonly column: number }): JobResult {
  return { kind: 'faults', faults: [{ file, ...at, message: 'brackets are nested deeper than 200' }] };
}

/** @throws Error with what the designer reads. */
function readScript(folder: string, path: string): string | null {
  const found = openRoot(folder, folder).read(path, fileLimits.script);
  if (found.kind === 'missing') return null;
  if (found.kind === 'refused') throw new Error(found.reason);
  const deep = findTooDeep(found.text);
  if (deep) throw new Error(`brackets are nested deeper than 200 at line ${deep.line}, column ${deep.column}`);
  return found.text;
}
