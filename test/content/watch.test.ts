import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Batch, watchFolders } from '../../core/watch.ts';
import { temporaryRoot } from './temporary.ts';

/** Watches a root and hands on what is told, one batch after the other, with paths inside the root. */
async function watchRoot(root: string, poll = false) {
  const batches: Batch[] = [];
  let wake = () => {};
  const inside = (paths: readonly string[]) => paths.map((path) => path.slice(root.length + 1));
  const stop = await watchFolders({ poll, pollMs: 20, settleMs: 50 }, [join(root, 'scripts')], (batch) => {
    batches.push({ changed: inside(batch.changed), removed: inside(batch.removed) });
    wake();
  });
  return {
    async next(): Promise<Batch> {
      while (batches.length === 0) await new Promise<void>((done) => (wake = done));
      return batches.shift() as Batch;
    },
    [Symbol.asyncDispose]: stop,
  };
}

describe.each([false, true])('watching (polling: %s)', (poll) => {
  it('tells of files that are new, changed and gone, also in folders that come later', async () => {
    using made = temporaryRoot({ 'scripts/hen.ts': '1' });
    await using watching = await watchRoot(made.folder, poll);
    made.write('scripts/hen.ts', '22');
    expect(await watching.next()).toEqual({ changed: ['scripts/hen.ts'], removed: [] });
    made.write('scripts/lib/walk.ts', '1');
    const later = new Set<string>();
    while (!later.has('scripts/lib/walk.ts')) for (const path of (await watching.next()).changed) later.add(path);
    rmSync(join(made.folder, 'scripts/hen.ts'));
    expect(await watching.next()).toEqual({ changed: [], removed: ['scripts/hen.ts'] });
  });
});

it('a file that is deleted and made again was edited; one saved as it was is nothing', async () => {
  using made = temporaryRoot({ 'scripts/hen.ts': '1', 'scripts/fox.ts': '1' });
  await using watching = await watchRoot(made.folder);
  made.write('scripts/hen.ts', '2');
  expect(await watching.next()).toEqual({ changed: ['scripts/hen.ts'], removed: [] });
  rmSync(join(made.folder, 'scripts/hen.ts'));
  made.write('scripts/hen.ts', '2');
  made.write('scripts/fox.ts', '2');
  expect(await watching.next()).toEqual({ changed: ['scripts/fox.ts'], removed: [] });
  rmSync(join(made.folder, 'scripts/hen.ts'));
  made.write('scripts/hen.ts', '3');
  expect(await watching.next()).toEqual({ changed: ['scripts/hen.ts'], removed: [] });
});

it('H-14 a pipe among the files holds nobody up', async () => {
  using made = temporaryRoot({ 'scripts/hen.ts': '1' });
  await using watching = await watchRoot(made.folder);
  execFileSync('mkfifo', [join(made.folder, 'scripts/pipe.ts')]);
  made.write('scripts/hen.ts', '2');
  const told = new Set<string>();
  while (!told.has('scripts/hen.ts')) for (const path of (await watching.next()).changed) told.add(path);
});
