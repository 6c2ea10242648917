import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../core/contract/link.ts';
import { content, emptySaved, farmer, mirror, row, startZone, type TestZone } from './support.ts';

const fox = '0001000000000001';
const owner = 'guest:00112233445566aa';
const speed = 3;
const wall = {
  points: [
    { x: 12, y: 0 },
    { x: 12, y: 30 },
  ],
  closed: false,
};

function start(more = {}): TestZone {
  const objects = [row(fox, { kind: 'farmer', name: 'Fox', owner, x: 5, y: 5, speed, ...more })];
  const saved = { ...emptySaved, objects };
  return startZone({ content: content({ solids: [wall] }), saved, kinds: [farmer], reason: 'recover' });
}

let calls = 0;
function move(test: TestZone, dx: number, dy: number, by = owner): CallOutcome {
  const call = ++calls;
  test.items({ type: 'move', call, owner: by, character: fox, dx, dy });
  const [outcome] = test.pass(0.05).flatMap(({ outcomes }) => outcomes);
  if (outcome?.call !== call) throw new Error('the move was not answered');
  return outcome;
}

const place = (test: TestZone) => {
  const { x, y } = mirror(test.frames()).get(fox) ?? { x: Number.NaN, y: Number.NaN };
  return { x: x / 100, y: y / 100 };
};

describe('a move', () => {
  it('CHR-07 changes each coordinate by delta × the speed, in the tick that answers it', () => {
    const test = start();
    expect(move(test, 1, -0.5)).toMatchObject({ ok: true, result: { x: 8, y: 3.5 } });
    expect(place(test)).toEqual({ x: 8, y: 3.5 });
    expect(move(test, 0, 0.1)).toMatchObject({ ok: true, result: { x: 8, y: expect.closeTo(3.8) } });
    expect(test.saved().objects).toMatchObject([{ id: fox, x: 8, y: expect.closeTo(3.8) }]);
  });

  it('PHY-01 CHR-07 is refused when something fixed is in the way, also behind it, and changes nothing', () => {
    const test = start({ x: 11 });
    for (const [dx, dy] of [
      [0.3, 0],
      [0.7, 0],
      [0, -1.7],
    ] as const) {
      expect(move(test, dx, dy)).toMatchObject({ ok: false, code: 'object.blocked' });
      test.pass(3);
    }
    expect(place(test)).toEqual({ x: 11, y: 5 });
  });

  it('brings nobody further than walking does', () => {
    const test = start();
    expect(move(test, 0, 2.01)).toMatchObject({ ok: false, code: 'object.too-fast' });
    expect(move(test, 0, 1)).toMatchObject({ ok: true });
    expect(move(test, 0, 1)).toMatchObject({ ok: true });
    expect(move(test, 0, 1)).toMatchObject({ ok: false, code: 'object.too-fast' });
    test.pass(1);
    expect(move(test, 0, 1)).toMatchObject({ ok: true });
    expect(move(test, Number.NaN, 0)).toMatchObject({ ok: false, code: 'object.bad-params' });
    expect(place(test)).toEqual({ x: 5, y: 14 });
  });

  it('CHR-06 is for the owner only', () => {
    const test = start();
    expect(move(test, 1, 0, 'guest:00000000000000ff')).toMatchObject({ ok: false, code: 'object.no-character' });
    expect(place(test)).toEqual({ x: 5, y: 5 });
  });
});
