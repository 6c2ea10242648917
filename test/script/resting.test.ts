/** Scripts that rest, run less often, or are timed: what the zone asks of the runtime when one costs too much. */
import { describe, expect, it } from 'vitest';
import type { Throttle } from '../../core/contract/driver.ts';
import { idOf, script, startIsolate } from '../support/isolate.ts';

const why = 'hen.ts was stopped after 200 ms in tick';

const hen = script(`
  look: 'H', state: { n: 0, born: 0, rang: 0 },
  on: {
    create(self) { self.state.born++; self.after(1, 'ring'); },
    tick(self) { self.state.n++; },
    activate() { return 'cluck'; },
    input(self) { self.state.n += 100; },
  },
  timers: { ring(self) { self.state.rang++; } },
  methods: { feed: { allow: 'view', handle() { return 1; } } },
`);
const farmer = { kind: 'farmer', owner: 'guest:1', x: 11 } as const;

describe('a script that rests', () => {
  it('keeps look, state and methods, runs nothing, shows the word and says why', () => {
    using isolate = startIsolate({
      scripts: { hen, farmer: script('') },
      objects: [{ kind: 'hen', state: { n: 7 }, words: ['mine'] }, farmer],
      resting: { hen: why },
    });
    isolate.ticks(5);
    expect(isolate.load.kinds[0]).toMatchObject({ kind: 'hen', look: 'H', methods: [{ name: 'feed' }] });
    expect(isolate.state(1)).toEqual({ n: 7, born: 0, rang: 0 });
    expect(isolate.row(1).words).toEqual(['mine', 'suspended']);
    for (const method of ['feed', '@activate'])
      expect(isolate.call(2, 1, method)).toMatchObject({ ok: false, code: 'object.suspended', message: why });
    expect(isolate.out.restless).toBe(false);
  });

  it('has what it missed when it is lifted: create, and timers that came due', () => {
    const options = { scripts: { hen }, objects: [{ kind: 'hen' }] };
    using awake = startIsolate(options);
    awake.tick();
    using resting = awake.restart({ resting: { hen: why } });
    resting.tick({}, 30);
    resting.tick({}, 30);
    expect(resting.state(1)).toMatchObject({ born: 1, rang: 0 });
    expect(resting.timers.size).toBe(1);
    using lifted = resting.restart({ resting: {} });
    lifted.tick({}, 30);
    lifted.tick();
    expect(lifted.state(1)).toMatchObject({ born: 1, rang: 1, n: 3 });
    expect(lifted.row(1).words).toEqual([]);

    using stillborn = startIsolate({ ...options, resting: { hen: why } });
    stillborn.tick();
    using born = stillborn.restart({ resting: {} });
    born.tick();
    expect(born.state(1)).toMatchObject({ born: 1 });
  });

  it('what is spawned of it shows the word at once, and what stored it is not migrated', () => {
    const next = script('version: 2, state: { n: 0 }, migrate() { throw new Error("never"); }');
    using isolate = startIsolate({
      scripts: { hen: next, nest: script('on: { create(self, { world }) { world.spawn("hen", { at: self }); } }') },
      objects: [{ kind: 'nest' }, { kind: 'hen', keep: { versions: { hen: 1 } }, fresh: false }],
      resting: { hen: why },
    });
    expect(isolate.load).toMatchObject({ reports: [], migrated: [] });
    isolate.ticks(2);
    expect(isolate.ofKind('hen').map((each) => each.words)).toEqual([['suspended'], ['suspended']]);
    expect(isolate.row(2).keep).toMatchObject({ versions: { hen: 1 } });
  });

  it('other scripts of the object go on', () => {
    using isolate = startIsolate({
      scripts: { hen, badge: script('own: { seen: 0 }, on: { tick(self) { self.own.seen++; } }') },
      objects: [{ kind: 'hen', scripts: ['badge'] }],
      resting: { hen: why },
    });
    isolate.ticks(3);
    expect([isolate.state(1).n, isolate.row(1).own.seen]).toEqual([0, 3]);
  });

  it('a zone’s script rests too', () => {
    using isolate = startIsolate({
      scripts: {
        'zones/yard.ts':
          "import { defineZone } from 'roost';\nexport default defineZone({ state: { n: 0 }, on: { tick(world) { world.state.n++; } } });",
      },
      resting: { yard: why },
    });
    isolate.ticks(2);
    expect(isolate.world.n).toBe(0);
  });
});

describe('throttles', () => {
  const ticker = script(
    'state: { n: 0 }, on: { tick(self) { self.state.n++; } }, methods: { n: { allow: "view", handle: (self) => self.state.n } }',
  );
  const limit = (every: Throttle['every'], to: Partial<Throttle> = { kind: 'hen' }) => ({
    throttles: [{ kind: null, object: null, every, ...to }],
  });
  const start = () =>
    startIsolate({
      scripts: { hen: ticker, cow: ticker, farmer: script('') },
      objects: [{ kind: 'hen' }, { kind: 'hen' }, { kind: 'cow' }, farmer],
    });
  const counts = (isolate: ReturnType<typeof start>) => [1, 2, 3].map((n) => isolate.state(n).n);

  it('tick of a kind runs every 2nd, 4th, 8th time, shown by a word, spread over the ticks', () => {
    using isolate = start();
    isolate.tick(limit(4));
    const before = counts(isolate);
    expect([1, 2, 3].map((n) => isolate.row(n).words)).toEqual([['slow'], ['slow'], []]);
    isolate.ticks(8);
    expect(counts(isolate).map((n, i) => (n ?? 0) - (before[i] ?? 0))).toEqual([2, 2, 8]);
    isolate.tick(limit(1));
    expect(isolate.row(1).words).toEqual([]);
  });

  it('of one object have it timed whenever it runs, and it alone', () => {
    using isolate = start();
    isolate.tick(limit(2, { object: idOf(2) }));
    let [ran, timed, others] = [0, 0, 0];
    for (let n = 0; n < 8; n++) {
      const before = isolate.state(2).n;
      // No object is in the 63rd part.
      isolate.tick({ measure: { handlers: false, part: 63, of: 64 } });
      if (isolate.state(2).n !== before) ran++;
      for (const { id } of isolate.out.costs.objects) id === idOf(2) ? timed++ : others++;
    }
    expect([ran, timed, others]).toEqual([4, 4, 0]);
  });

  it('one object alone, and the harder limit holds', () => {
    using isolate = start();
    isolate.tick(limit(2));
    isolate.tick(limit(0, { object: idOf(2) }));
    const before = counts(isolate);
    isolate.ticks(4);
    expect(counts(isolate).map((n, i) => (n ?? 0) - (before[i] ?? 0))).toEqual([2, 0, 4]);
    expect(isolate.row(2).words).toEqual(['suspended']);
    expect(isolate.call(4, 2, 'n')).toMatchObject({ code: 'object.suspended' });
    expect(isolate.call(4, 1, 'n')).toMatchObject({ ok: true });
    isolate.tick(limit(1, { object: idOf(2) }));
    expect(isolate.row(2).words).toEqual(['slow']);
  });

  it('what comes later is under the limits of its kind', () => {
    using isolate = startIsolate({
      scripts: {
        hen: ticker,
        nest: script('on: { activate(self, { world }) { world.spawn("hen", { at: self }); } }'),
        farmer: script(''),
      },
      objects: [{ kind: 'nest' }, farmer],
    });
    isolate.tick(limit(8));
    isolate.call(2, 1, '@activate');
    isolate.tick();
    expect(isolate.ofKind('hen')[0]?.words).toEqual(['slow']);
  });

  it('the words are the engine’s', () => {
    using isolate = startIsolate({
      scripts: {
        hen: script(
          'on: { load(self) { self.words.add("mine"); self.words.add("slow"); }, tick(self) { self.words.remove("suspended"); self.words.remove("slow"); } }',
        ),
      },
      objects: [{ kind: 'hen' }],
    });
    isolate.tick(limit(2));
    expect(isolate.reports).toMatchObject([{ handler: 'load', message: expect.stringContaining('slow') }]);
    isolate.ticks(2);
    expect(isolate.row(1).words).toEqual(['slow']);
  });
});

describe('what is timed', () => {
  const busy = script('on: { tick() { for (let i = 0; i < 3e5; i++); }, load() {} }');
  const start = () =>
    startIsolate({ scripts: { hen: busy, cow: busy }, objects: [{ kind: 'hen' }, { kind: 'hen' }, { kind: 'cow' }] });

  it('kinds always, and nothing else unless it is asked for', () => {
    using isolate = start();
    isolate.tick();
    const { costs } = isolate.tick({ measure: { handlers: false, part: 16, of: 16 } });
    expect(costs.kinds.map(({ kind, calls }) => [kind, calls])).toEqual([
      ['cow', 1],
      ['hen', 2],
    ]);
    expect(costs).toMatchObject({ handlers: [], objects: [] });
  });

  it('handlers by number, and a part of the objects alone', () => {
    using isolate = start();
    const { costs } = isolate.tick({ measure: { handlers: true, part: 1, of: 2 } });
    const names = costs.handlers.map(({ handler, calls }) => {
      const { script, handler: name } = isolate.load.handlers[handler] ?? {};
      return `${script}.${name} ${calls}`;
    });
    expect(names.sort()).toEqual(['cow.load 1', 'cow.tick 1', 'hen.load 2', 'hen.tick 2']);
    expect(costs.objects.map(({ id }) => id)).toEqual([idOf(2)]);
    const sum = (list: readonly { readonly ms: number }[]) => list.reduce((total, { ms }) => total + ms, 0);
    expect(sum(costs.handlers)).toBeCloseTo(sum(costs.kinds), 6);
    expect(sum(costs.objects)).toBeLessThan(sum(costs.kinds));
    expect(sum(costs.objects)).toBeGreaterThan(0);
  });

  it('a handler that asked another one pays for itself alone', () => {
    using isolate = startIsolate({
      scripts: {
        hen: script(
          'on: { tick(self, { world }) { const box = world.find("box")[0]; if (box) self.into(box); for (let i = 0; i < 1e6; i++); } }',
        ),
        box: script('contains: { max: 9 }, before: { enter() { return "no"; } }'),
      },
      objects: [{ kind: 'hen' }, { kind: 'box' }],
    });
    isolate.tick();
    const { costs } = isolate.tick({ measure: { handlers: true, part: 0, of: 1 } });
    const of = (kind: string) => costs.kinds.find((each) => each.kind === kind) ?? { ms: 0, calls: 0 };
    expect([of('hen').calls, of('box').calls]).toEqual([1, 1]);
    expect(of('hen').ms).toBeGreaterThan(of('box').ms);
  });
});

describe('blame', () => {
  const words = () => new Int32Array(new SharedArrayBuffer(16));

  it('names the file that runs while it is loaded, and migrate', () => {
    const blame = words();
    const options = { blame, limits: { loadLimitMs: 100 } };
    using loading = startIsolate({ ...options, scripts: { ant: script(''), bee: script('', 'for (;;);') } });
    expect([loading.loaded.kind, blame[0], blame[1]]).toEqual(['fault', -1, -3]);

    const seen: [number, number][] = [];
    const { load } = startIsolate({
      scripts: { ant: script(''), bee: script('version: 2, migrate(old) { return old; }') },
      objects: [{ kind: 'ant' }, { kind: 'bee', fresh: false, keep: { versions: { bee: 1 } } }],
      onHandler: (slot, handler) => seen.push([slot, handler]),
    });
    expect(load.handlers).toMatchObject([{ script: 'bee', handler: 'migrate' }]);
    expect(seen).toEqual([
      [-1, -2],
      [-1, -3],
      [-1, -1],
      [1, 0],
    ]);
  });

  it('careful mode hears of each handler before it runs', () => {
    const seen: [number, number][] = [];
    using isolate = startIsolate({
      scripts: { hen: script('on: { load() {}, tick() { throw new Error("x"); } }') },
      objects: [{ kind: 'other' }, { kind: 'hen' }],
      onHandler: (slot, handler) => seen.push([slot, handler]),
    });
    isolate.tick();
    const names = seen.map(([slot, number]) => [slot, isolate.load.handlers[number]?.handler]);
    expect(names.filter(([slot]) => slot !== -1).slice(-2)).toEqual([
      [1, 'load'],
      [1, 'tick'],
    ]);
    // What comes after them is nobody's.
    expect(seen.at(-1)).toEqual([-1, -1]);
  });

  it('who loops after asking another object is named, not whom it asked', () => {
    const blame = words();
    using isolate = startIsolate({
      scripts: {
        hen: script('on: { tick(self, { world }) { self.into(world.find("box")[0]); for (;;); } }'),
        box: script('before: { enter() { return "no"; } }'),
      },
      objects: [{ kind: 'box' }, { kind: 'hen' }],
      limits: { tickLimitMs: 50 },
      blame,
    });
    expect(isolate.enter().kind).toBe('fault');
    expect([blame[0], isolate.load.handlers[blame[1] as number]?.handler]).toEqual([1, 'tick']);
  });

  it('a report says who caused it, and another player is told at once', () => {
    const farmers = [1, 2, 3, 4].map((n) => ({ kind: 'farmer', owner: `guest:${n}` }));
    using isolate = startIsolate({
      scripts: {
        farmer: script(''),
        hen: script(
          'state: { n: 0 }, on: { tick(self) { if (self.state.n) fail(); } }, methods: { hurt: { allow: "view", handle: fail } }',
          'function fail() { throw new Error("ouch"); }',
        ),
      },
      objects: [{ kind: 'hen' }, ...farmers],
    });
    for (const by of [2, 2, 3, 4, 5]) isolate.call(by, 1, 'hurt');
    const told = isolate.reports.filter(({ what }) => what === 'throw').map(({ count, callers }) => [count, callers]);
    expect(told).toEqual([
      [1, ['guest:1']],
      [2, ['guest:1', 'guest:2']],
      [1, ['guest:1', 'guest:2', 'guest:3']],
    ]);
    using alone = startIsolate({
      scripts: { hen: script('on: { tick() { throw new Error("ouch"); } }') },
      objects: [{ kind: 'hen' }],
    });
    alone.tick();
    expect(alone.reports[0]).not.toHaveProperty('callers');
  });
});
