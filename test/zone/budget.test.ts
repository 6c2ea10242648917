import { describe, expect, it } from 'vitest';
import type { ZoneSpec } from '../../core/contract/content.ts';
import type { Throttle } from '../../core/contract/driver.ts';
import type { ScriptReport } from '../../core/contract/link.ts';
import type { Op } from '../../core/zone/recording.ts';
import { content, emptySaved, row, type Script, startZone, type TestZone } from './support.ts';

const id = '0001000000000001';
const saved = {
  ...emptySaved,
  objects: [row(id, { name: 'Bob' }), row('0001000000000002', { kind: 'farmer', x: 15 })],
};

/** Crates whose ticks cost what `cost` says, when they run: the limits are kept as the runtime keeps them. */
function costly(cost: (tick: number) => number): Script {
  let every: Throttle['every'] = 1;
  return ({ tick, throttles, measure: { part, of } }) => {
    for (const throttle of throttles) every = throttle.every;
    const ms = every !== 0 && tick % every === 0 ? cost(tick) : 0;
    const kinds = [
      { kind: 'crate', ms, calls: 1 },
      { kind: 'farmer', ms: 0.01, calls: 1 },
    ];
    const objects = part === 0 % of ? [{ id, ms }] : [];
    return { restless: true, cpuMs: ms + 0.1, costs: { kinds, handlers: [], objects } };
  };
}

/** Only the budget of kinds. */
const alone = { objectPercent: 100, zonePercent: 100 };

const throttlesOf = (test: TestZone) => test.ticks.flatMap(({ throttles }) => throttles);
const slow = (test: TestZone): readonly ScriptReport[] =>
  test.sent.flatMap((message) =>
    message.type === 'reports' ? message.reports.filter(({ what }) => what === 'slow') : [],
  );

describe('the budget of a kind', () => {
  it('that is exceeded makes its tick run less often, in proportion, and says so in plain words', () => {
    // 20 ms of 50: 40 % of a core.
    const test = startZone({ saved, script: costly(() => 20), limits: alone });
    test.pass(5.5);
    expect(throttlesOf(test)).toEqual([{ kind: 'crate', object: null, every: 2 }]);
    test.pass(10);
    expect(slow(test)[0]).toMatchObject({
      script: 'crate',
      handler: 'tick',
      message: expect.stringMatching(
        /^crate spends \d+ % of a core where 25 % is its budget: its tick runs every 2nd time$/,
      ),
    });
    expect(test.zone.stats().costs.find(({ kind }) => kind === 'crate')?.every).toBe(2);
    expect(throttlesOf(test).every(({ kind }) => kind === 'crate')).toBe(true);
  });

  it('that is exceeded far is met by a far greater step, and by a rest that doubles', () => {
    let cost = 45;
    const test = startZone({ saved, script: costly(() => cost), limits: { ...alone, kindPercent: 10 } });
    test.pass(6);
    expect(throttlesOf(test).at(-1)).toEqual({ kind: 'crate', object: null, every: 8 });
    cost = 200;
    test.pass(6);
    expect(throttlesOf(test).at(-1)?.every).toBe(0);
    const rest = slow(test).at(-1)?.message;
    expect(rest).toContain('it rests for 10 s');
    test.pass(30);
    expect(
      slow(test)
        .map(({ message }) => message)
        .join('\n'),
    ).toContain('it rests for 20 s');
  });

  it('is not judged by a moment, and what is cheap is left alone', () => {
    const spike = startZone({ saved, script: costly((tick) => (tick === 5 ? 190 : 1)) });
    spike.pass(8);
    expect(throttlesOf(spike)).toEqual([]);
  });

  it('lets it come back step by step when it is cheap again', () => {
    let cost = 45;
    const test = startZone({ saved, script: costly(() => cost), limits: alone });
    test.pass(4);
    expect(throttlesOf(test).at(-1)?.every).toBeGreaterThan(1);
    cost = 0.1;
    test.pass(40);
    expect(throttlesOf(test).at(-1)).toEqual({ kind: 'crate', object: null, every: 1 });
    expect(slow(test).at(-1)?.message).toContain('its tick runs as declared');
  });

  it('is part of the steps, so that a replay has it', () => {
    const ops: Op[] = [];
    const test = startZone({ saved, script: costly(() => 20), limits: alone, onRecord: (op) => void ops.push(op) });
    test.pass(6);
    expect(ops.flatMap((op) => (op.op === 'step' ? op.step.throttles : []))).toEqual(throttlesOf(test));
    expect(throttlesOf(test)).not.toEqual([]);
  });
});

describe('the budget', () => {
  it('of a zone is kept by the kind that spends most', () => {
    const test = startZone({
      saved,
      script: costly(() => 20),
      limits: { ...alone, kindPercent: 100, zonePercent: 30 },
    });
    test.pass(6);
    expect(throttlesOf(test)).toEqual([{ kind: 'crate', object: null, every: 2 }]);
    expect(slow(test)[0]?.message).toMatch(
      /^the zone spends \d+ % of a core where 30 % is its budget, most of it crate/,
    );
  });

  it('is what the game says, but a zone never has more than the server gives it', () => {
    const limits = { objectPercent: 100, kindPercent: 100, zonePercent: 30 };
    const own = (cpu: NonNullable<ZoneSpec['cpu']>, cost: number) => {
      const test = startZone({ saved, script: costly(() => cost), limits, content: content({}, { cpu }) });
      test.pass(6);
      return slow(test)[0]?.message ?? '';
    };
    expect(own({ kind: 10 }, 8)).toMatch(/^crate spends \d+ % of a core where 10 % is its budget/);
    expect(own({ zone: 90 }, 20)).toContain('where 30 % is its budget');
    expect(own({ zone: 10 }, 8)).toContain('where 10 % is its budget');
  });

  it('of an object is its own, and its kind goes on', () => {
    // One of sixteen ticks is sampled, and then the object has all of its 2 ms: 4 % of a core.
    const test = startZone({ saved, script: costly(() => 2) });
    test.pass(8);
    expect(throttlesOf(test)).toEqual([{ kind: null, object: id, every: 2 }]);
    expect(slow(test)[0]).toMatchObject({ object: id, kind: 'crate' });
    expect(slow(test)[0]?.message).toMatch(/^Bob \(crate\) spends \d.\d % of a core where 2 % is its budget/);
    expect(test.zone.stats().objectCosts).toMatchObject([{ id, every: 2 }]);
  });

  it('of an object is not judged by two moments of the machine', () => {
    const moments = new Set([31, 61]);
    const test = startZone({ saved, script: costly((tick) => (moments.has(tick) ? 20 : 0.05)) });
    test.pass(30);
    expect(test.ticks.filter(({ tick, measure }) => moments.has(tick) && measure.part === 0)).toHaveLength(2);
    expect(throttlesOf(test)).toEqual([]);
  });
});
