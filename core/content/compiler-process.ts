/**
 * Entry of the compiler process: reads and compiles designers' files, one job after the other, until its input ends or
 * it is ended from outside. It holds nothing worth keeping; whatever it does not expect ends it.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { openPipe } from '../link/pipe.ts';
import { compilePage, compileScript } from '../script/compile.ts';
import { fileLimits, openRoot, type Root } from './files.ts';
import { readGame } from './game.ts';
import type { FromCompiler, Job, JobResult, ToCompiler } from './jobs.ts';
import { readMap } from './map.ts';
import { findTooDeep } from './nesting.ts';

const pipe = openPipe({
  input: createReadStream('', { fd: 3 }),
  output: createWriteStream('', { fd: 4 }),
  onMessage(message) {
    const { id, job } = message as ToCompiler;
    const read = new Set<string>();
    const result = work(job, read);
    const answer: FromCompiler = { id, result, read: [...read] };
    if (pipe.send(answer) !== 'sent') throw new Error('the result is too long');
  },
  onEnd: ({ kind }) => process.exit(kind === 'closed' ? 0 : 1),
});
pipe.send({ ready: true } satisfies FromCompiler);

function work(job: Job, read: Set<string>): JobResult {
  switch (job.kind) {
    case 'page': {
      const deep = findTooDeep(job.source);
      return deep ? tooDeep(job.path, deep) : compilePage(job.path, job.source);
    }
    case 'script': {
      const compiled = compileScript({ ...job, read: (path) => readScript(noting(job.root, read), path) });
      return compiled.kind === 'ok' ? { kind: 'program', program: compiled.program } : compiled;
    }
    case 'map': {
      const outcome = readMap(noting(job.root, read), job.path, job.folder);
      return outcome.kind === 'ok' ? { kind: 'map', map: outcome.map } : outcome;
    }
    case 'game': {
      const outcome = readGame(noting(job.root, read), job.folder);
      return outcome.kind === 'ok' ? { kind: 'game', game: outcome.game } : outcome;
    }
  }
}

/** A root that notes which of its files are read. */
function noting(folder: string, read: Set<string>): Root {
  const root = openRoot(folder, folder);
  return {
    ...root,
    read(path, maxBytes) {
      read.add(path);
      return root.read(path, maxBytes);
    },
  };
}

function tooDeep(file: string, at: { readonly line: number; readonly column: number }): JobResult {
  return { kind: 'faults', faults: [{ file, ...at, message: 'brackets are nested deeper than 200' }] };
}

/** @throws Error with what the designer reads. */
function readScript(root: Root, path: string): string | null {
  const found = root.read(path, fileLimits.script);
  if (found.kind === 'missing') return null;
  if (found.kind === 'refused') throw new Error(found.reason);
  const deep = findTooDeep(found.text);
  if (deep) throw new Error(`brackets are nested deeper than 200 at line ${deep.line}, column ${deep.column}`);
  return found.text;
}
