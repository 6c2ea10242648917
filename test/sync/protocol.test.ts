/** The examples of docs/protocol.md, taken from the page itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Delta, Snapshot } from '../../core/contract/protocol.ts';
import { createFollower } from '../../core/sync/mirror.ts';
import { packMove, packSlot, unpackMoves } from '../../core/sync/packed.ts';
import { objectSum } from '../../core/sync/sum.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/protocol.md'), 'utf8');

function exampleUnder(heading: string): unknown {
  const found = page.slice(page.indexOf(heading)).match(/```json\n([\s\S]*?)```/)?.[1];
  return JSON.parse(found ?? '');
}

function followed() {
  const mirror = createFollower();
  mirror.applySnapshot(exampleUnder('## `snapshot`') as Snapshot);
  return mirror;
}

it('the snapshot and the delta of the page give the picture that the page describes', () => {
  const mirror = followed();
  const berta = mirror.objects.get('0001000000000002');
  expect(berta).toMatchObject({
    name: 'Berta',
    fx: 1250,
    fy: 800,
    speed: 0.5,
    physical: true,
    words: [],
    holder: null,
  });
  expect(mirror.own.get('0001000000000005')).toEqual({ bag: 3 });
  const applied = mirror.applyDelta(exampleUnder('## `delta`') as Delta);
  expect(berta).toMatchObject({ fx: 1262, fy: 796 });
  expect(mirror.objects.get('0001000000000003')).toMatchObject({ fx: -35, fy: 4000, fa: 61 });
  expect(applied?.appeared).toMatchObject([{ kind: 'egg', fx: 1262, fy: 796, fa: 250 }]);
  expect(applied?.events).toMatchObject([{ ev: 'say', text: 'Cluck.' }]);
  expect(mirror.ack).toBe(17);
});

it('packed moves are those of the page', () => {
  const mirror = followed();
  const applied = mirror.applyDelta(exampleUnder('### Packed moves') as Delta);
  expect(applied?.changed.map(({ object, keys }) => [object.slot, keys])).toEqual([
    [1, ['place']],
    [2, ['place']],
  ]);
  expect(mirror.objects.get('0001000000000002')).toMatchObject({ fx: 1262, fy: 796, fa: 0 });
  expect(mirror.objects.get('0001000000000003')).toMatchObject({ fx: -35, fy: 4000, fa: 61 });
});

it('a packed move is read as it was written, and stands in JSON as it is; what is too large is not packed', () => {
  const small = fc.integer({ min: -45, max: 45 });
  const moves = fc.array(fc.tuple(fc.integer({ min: 0, max: 8_280 }), small, small, small));
  fc.assert(
    fc.property(moves, (written) => {
      const text = written.map(([slot, dx, dy, da]) => `${packSlot(slot)}${packMove(dx, dy, da)}`).join('');
      expect(JSON.stringify(text)).toBe(`"${text}"`);
      const read: number[][] = [];
      unpackMoves(text, (...move) => read.push(move));
      expect(read).toEqual(written);
    }),
  );
  expect(packSlot(8_281)).toBeUndefined();
  for (const far of [-46, 46]) {
    expect([packMove(far, 0, 0), packMove(0, far, 0), packMove(0, 0, far)]).toEqual([undefined, undefined, undefined]);
  }
});

it('the checksum has the values of the table', () => {
  const rows = [...page.matchAll(/^\| (\d+) \| ([−\d]+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map((row) =>
    row.slice(1).map((cell) => Number(cell.replace('−', '-'))),
  ) as [number, number, number, number, number][];
  expect(rows).toHaveLength(3);
  for (const [slot, x, y, a, hash] of rows) expect(objectSum(slot, x, y, a)).toBe(hash);
  const mirror = followed();
  mirror.applyDelta({ e: 3, t: 5121, in: [{ i: '0001000000000009', s: 7, k: 'egg', x: 1262, y: 796, a: 250 }] });
  expect(mirror.sum()).toBe(3762272603);
  expect(page).toContain('| all three | | | | 3762272603 |');
});

it('a delta of another epoch is dropped', () => {
  const mirror = followed();
  expect(mirror.applyDelta({ e: 2, t: 9999, out: [1, 2] })).toBeUndefined();
  expect(mirror.objects.size).toBe(2);
  expect(mirror.tick).toBe(5120);
});

it('in of a known id is a change, and keeps the identity of the object', () => {
  const mirror = followed();
  const before = mirror.objects.get('0001000000000002');
  const applied = mirror.applyDelta({ e: 3, t: 5121, in: [{ i: '0001000000000002', s: 1, k: 'chicken', x: 1, y: 2 }] });
  expect(mirror.objects.get('0001000000000002')).toBe(before);
  expect(before).toMatchObject({ name: '', fx: 1, fy: 2, state: {} });
  expect(applied).toMatchObject({ appeared: [], changed: [{ object: before }] });
});

it('keys that strangers name cannot reach a prototype', () => {
  const mirror = followed();
  const fields = JSON.parse('{ "st": { "__proto__": { "polluted": true }, "constructor": 1 } }');
  mirror.applyDelta({
    e: 3,
    t: 5121,
    ch: [[1, 0, 0, 0, fields]],
    w: JSON.parse('{ "__proto__": { "polluted": true } }'),
  });
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  const state = mirror.objects.get('0001000000000002')?.state as object;
  expect(Object.getPrototypeOf(state)).toBeNull();
  expect(Object.keys(state)).toContain('__proto__');
});

it('a snapshot of another epoch may give a slot to somebody else, whose changes come through all the same', () => {
  const mirror = followed();
  const snapshot = exampleUnder('## `snapshot`') as Snapshot;
  const [berta, crate] = snapshot.o;
  if (!berta || !crate) throw new Error('the example has two objects');
  const swapped = [
    { ...berta, s: crate.s },
    { ...crate, s: berta.s },
  ];
  mirror.applySnapshot({ ...snapshot, e: 4, o: swapped });
  mirror.applyDelta({ e: 4, t: 5121, ch: [[crate.s, 5, 5]], out: [berta.s] });
  expect(mirror.objects.get(berta.i)).toMatchObject({ fx: berta.x + 5, fy: berta.y + 5 });
  expect([...mirror.objects.keys()]).toEqual([berta.i]);
});
