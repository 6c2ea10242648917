import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobResult } from '../../core/content/jobs.ts';
import { createKnown, type FileJob } from '../../core/content/known.ts';

const later = () => Date.now() + 1_000;
const result: JobResult = { kind: 'faults', faults: [] };
const program = { kind: 'program', program: { build: randomUUID() } } as unknown as JobResult;

describe('what came of files', () => {
  let root: string;
  let job: FileJob;
  const write = (path: string, text: string) => writeFile(join(root, path), text);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'roost-known-'));
    await mkdir(join(root, 'scripts'));
    await write('scripts/hen.ts', 'one');
    await write('scripts/lines.ts', 'a');
    job = { kind: 'script', root, path: 'scripts/hen.ts', name: 'hen', role: 'object' };
  });
  afterEach(() => rm(root, { recursive: true }));

  const files = ['scripts/hen.ts', 'scripts/lines.ts'];

  it('is known while they are the same', () => {
    const known = createKnown();
    expect(known.find(job)).toBeUndefined();
    known.keep(job, program, files, later());
    expect(known.find(job)).toBe(program);
    expect(known.find({ kind: 'map', root, path: 'scripts/hen.ts', folder: 'scripts' })).toBeUndefined();
  });

  it.each([
    ['the file is written', () => write('scripts/hen.ts', 'two')],
    ['a file that it imports is written', () => write('scripts/lines.ts', 'b')],
    [
      'another file takes its place, as old and as long',
      async () => {
        await write('scripts/new.ts', 'two');
        const old = new Date(0);
        await utimes(join(root, 'scripts/new.ts'), old, old);
        await rename(join(root, 'scripts/new.ts'), join(root, 'scripts/hen.ts'));
      },
    ],
    ['the file goes', () => rm(join(root, 'scripts/lines.ts'))],
  ])('is forgotten when %s', async (_what, change) => {
    const known = createKnown();
    known.keep(job, program, files, later());
    await change();
    expect(known.find(job)).toBeUndefined();
  });

  it('is not kept when they were written just then, or are broken', () => {
    const known = createKnown();
    known.keep(job, program, files, Date.now());
    expect(known.find(job)).toBeUndefined();
    known.keep(job, result, files, later());
    expect(known.find(job)).toBeUndefined();
  });
});
