import { expect, it } from 'vitest';
import { createTurns } from '../../../plugins/auth/_turns.ts';

const refusal = () => new Error('busy');

/** Work that ends when it is told to. */
function createWork() {
  const done: string[] = [];
  const gates: (() => void)[] = [];
  return {
    done,
    start: (name: string) => async () => {
      const gate = Promise.withResolvers<void>();
      gates.push(gate.resolve);
      await gate.promise;
      done.push(name);
    },
    /** Lets what runs now end, until nothing runs any more. */
    async finish(): Promise<void> {
      for (let gate = gates.shift(); gate; gate = gates.shift()) {
        gate();
        // What was waiting begins in the jobs that follow.
        await new Promise(setImmediate);
      }
    },
  };
}

it('lines take turns, whatever is in front of them', async () => {
  const turns = createTurns({ atOnce: 1, waitingMost: 10, waitMs: 60_000, refusal });
  const work = createWork();
  const all = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map((name) => turns.take(name.slice(0, 1), work.start(name)));
  expect(turns.waiting()).toBe(5);
  await work.finish();
  await Promise.all(all);
  expect(work.done).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
  expect(turns.waiting()).toBe(0);
});

it('when all places are taken the longest line loses its last to one that is shorter', async () => {
  const turns = createTurns({ atOnce: 1, waitingMost: 3, waitMs: 60_000, refusal });
  const work = createWork();
  const outcomes: string[] = [];
  const take = (name: string) =>
    turns.take(name.slice(0, 1), work.start(name)).then(
      () => outcomes.push(name),
      () => outcomes.push(`${name} refused`),
    );
  const all = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'c1', 'd1'].map(take);
  await new Promise(setImmediate);
  expect(outcomes).toEqual(['a5 refused', 'a4 refused', 'a3 refused', 'd1 refused']);
  await work.finish();
  await Promise.all(all);
  expect(work.done).toEqual(['a1', 'a2', 'b1', 'c1']);
});

it('what waits too long is refused, and so is everything when it stops', async () => {
  const work = createWork();
  const hasty = createTurns({ atOnce: 1, waitingMost: 3, waitMs: 1, refusal });
  const first = hasty.take('a', work.start('a1'));
  await expect(hasty.take('b', work.start('b1'))).rejects.toThrow('busy');
  const turns = createTurns({ atOnce: 1, waitingMost: 3, waitMs: 60_000, refusal });
  const second = turns.take('a', work.start('a2'));
  const waits = turns.take('b', work.start('b2'));
  turns.stop();
  await expect(waits).rejects.toThrow('busy');
  await work.finish();
  await Promise.all([first, second]);
  expect(work.done.sort()).toEqual(['a1', 'a2']);
});
