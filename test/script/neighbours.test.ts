/**
 * What one script may try so that another one is stopped, suspended or blamed for it: each kind answers for itself.
 * `bad` is the first of its zone in every tick, `good` the last.
 */
import { describe, expect, it } from 'vitest';
import { idOf, script, startIsolate } from '../support/isolate.ts';

const player = { kind: 'farmer', owner: 'guest:1' } as const;

/** Two ticks of a zone with `bad`, `good`, a player and a box. */
function meet(bad: string, good: string, more: { readonly before?: string; readonly box?: string } = {}) {
  const isolate = startIsolate({
    scripts: {
      bad: script(bad, more.before),
      box: script(more.box ?? 'before: { enter() { return true; } }'),
      good: script(good),
      'zones/test': `import { defineZone } from 'roost';\nexport default defineZone({ state: { board: { hint: 'none' } } });`,
    },
    objects: [{ kind: 'bad', fresh: true }, { kind: 'box' }, { kind: 'good' }, player],
    zone: 'trial/test',
  });
  return isolate;
}

describe('what is left where others find it', () => {
  it('a getter in a memory leaves no living object of its script in the state of the zone', () => {
    using isolate = meet(
      `on: { tick(self, { world }) {
        const memory = self.memory(world.players()[0]);
        memory.x = { get a() { world.state.board = { get hint() { return 'a getter of bad'; } }; return world.tick; } };
      } }`,
      `state: { own: '' }, on: { tick(self, { world }) {
        self.state.own = String(typeof Object.getOwnPropertyDescriptor(world.state.board, 'hint').get);
      } }`,
    );
    isolate.ticks(2);
    expect(isolate.state(3).own).toBe('undefined');
  });

  it('a stack that ends inside a question leaves nobody asking, and is no fault of who was asked', () => {
    using isolate = meet(
      `on: { tick(self, { world }) {
        const box = world.find('box')[0];
        const coin = self.create('coin');
        const dive = () => { try { dive(); } catch {} try { coin.into(box); } catch {} };
        dive();
      } }`,
      'state: { n: 0 }, on: { tick(self) { self.state.n += 1; } }',
    );
    for (let i = 0; i < 4; i++) isolate.tick();
    expect(isolate.state(3).n).toBe(4);
    expect(isolate.reports.filter((report) => report.script !== 'bad')).toEqual([]);
  });

  it('a thrown Proxy does nothing to players while it is read', () => {
    using isolate = meet(
      `on: { tick(self, { world }) {
        throw new Proxy({}, { getOwnPropertyDescriptor() {
          const [player] = world.players();
          world.goto(player, 'trial/cave');
        } });
      } }`,
      '',
    );
    isolate.tick();
    expect(isolate.out.intents).toEqual([]);
  });
});

describe('how much is asked for', () => {
  it('a flood of things to do is undone, and those of others are done', () => {
    using isolate = meet(
      "on: { tick(self) { for (let i = 0; i < 5000; i++) self.effect('x', i); } }",
      "on: { tick(self) { self.effect('y', 1); } }",
    );
    isolate.tick();
    expect(isolate.intents('effect').map(({ name }) => name)).toEqual(['y']);
    expect(isolate.reports).toMatchObject([
      { script: 'bad', handler: 'tick', message: 'RangeError: it asked for 5000 things: at most 2000' },
    ]);
  });

  it('lines for the log beyond a hundred a second are dropped', () => {
    using isolate = meet(
      "on: { tick(self) { for (let i = 0; i < 5000; i++) self.log('x'.repeat(490)); } }",
      "on: { tick(self) { self.log('y'); } }",
    );
    isolate.tick();
    expect(isolate.intents('log').map(({ text }) => text[0])).toEqual([...Array(100).fill('x'), 'y']);
    expect(isolate.reports).toMatchObject([{ script: 'bad', what: 'refused', handler: 'log' }]);
  });

  it('who talks to a crowd is not heard more often than 5,000 times a second', () => {
    using isolate = startIsolate({
      scripts: {
        bad: script("on: { tick(self) { for (let i = 0; i < 5; i++) self.say('boo'); } }"),
        good: script('state: { n: 0 }, on: { hear(self) { self.state.n += 1; } }'),
      },
      objects: [{ kind: 'bad' }, ...Array.from({ length: 1_500 }, () => ({ kind: 'good' }))],
    });
    isolate.tick();
    expect([isolate.state(2).n, isolate.said().length]).toEqual([3, 5]);
    expect(isolate.reports).toMatchObject([{ script: 'bad', what: 'refused', handler: 'say' }]);
  });

  it('a timer that is set anew in every tick takes no memory', () => {
    using isolate = meet(
      `timers: { near() {}, far() {} }, on: { create(self) { self.after(1e6, 'near'); }, tick(self) {
        for (let i = 0; i < 2000; i++) self.after(1e8, 'far', i + 'x'.repeat(500));
      } }`,
      '',
    );
    isolate.ticks(5);
    const before = isolate.sandbox.heap();
    isolate.ticks(40);
    expect(isolate.sandbox.heap() - before).toBeLessThan(24 * 1024 * 1024);
  });
});

describe('what is made and taken back', () => {
  it('uses up no ids: others spawn as ever', () => {
    using isolate = meet(
      "on: { tick(self, { world }) { for (let i = 0; i < 5; i++) world.find('box')[0].give('coin'); } }",
      `state: { id: '' }, on: { tick(self, { world }) {
        if (world.tick > 220) self.state.id = world.spawn('coin', { at: self }).id;
      } }`,
      { box: 'before: { enter() { return false; } }' },
    );
    isolate.ticks(221, 1);
    expect(isolate.state(3).id).not.toBe('');
  });

  it('by a handler that throws has its id given again', () => {
    using isolate = meet(
      `state: { id: '' }, on: { tick(self, { world }) {
        const { id } = world.spawn('coin', { at: self });
        if (world.tick === 1) throw new Error(id);
        self.state.id = id;
      } }`,
      '',
    );
    isolate.ticks(2);
    expect(isolate.reports[0]?.message).toBe(`Error: ${isolate.state(1).id}`);
  });
});

describe('whose words the watchdog reads', () => {
  it('nobody is named while nobody runs', () => {
    const blame = new Int32Array(new SharedArrayBuffer(16));
    using isolate = startIsolate({
      scripts: { good: script('on: { tick(self) {} }') },
      objects: [{ kind: 'good' }],
      blame,
    });
    isolate.tick();
    expect([...blame.subarray(0, 2)]).toEqual([-1, -1]);
  });

  it('which kind used most before another ran', () => {
    const blame = new Int32Array(new SharedArrayBuffer(64));
    using isolate = startIsolate({
      scripts: {
        bad: script('on: { tick(self) { let n = 0; for (let i = 0; i < 2e6; i++) n += i % 7; } }'),
        good: script('on: { tick(self) { for (;;); } }'),
      },
      objects: [...Array.from({ length: 10 }, () => ({ kind: 'bad' })), { kind: 'good' }],
      limits: { tickLimitMs: 1_500 },
      blame,
    });
    expect(isolate.enter()).toMatchObject({ kind: 'fault' });
    const [, handler, , , , slot, most, , mostMs = 0, others] = blame;
    expect(isolate.load.handlers[handler ?? -1]).toMatchObject({ script: 'good' });
    expect(isolate.load.handlers[most ?? -1]).toMatchObject({ script: 'bad' });
    expect([slot, others]).toEqual([9, mostMs]);
    expect(mostMs).toBeGreaterThan(0);
  });

  it('the time that it takes to tell a flood is that of who made it', () => {
    const blame = new Int32Array(new SharedArrayBuffer(16));
    using isolate = startIsolate({
      scripts: {
        bad: script("on: { tick(self) { for (let i = 0; i < 1000; i++) self.effect('x', 'y'.repeat(4000)); } }"),
        good: script("on: { tick(self) { self.effect('y', 'x'.repeat(4000)); } }"),
      },
      objects: [{ kind: 'bad' }, { kind: 'good' }],
      limits: { tickLimitMs: 5_000 },
      blame,
    });
    isolate.tick();
    expect(isolate.load.handlers[blame[1] ?? -1]).toMatchObject({ script: 'bad', handler: 'tick' });
  });

  it('looking who is near is the work of who wants to know', () => {
    const named: string[] = [];
    using isolate = startIsolate({
      scripts: {
        bad: script("near: { radius: 50, kinds: ['ghost'] }, on: { near() {} }"),
        good: script('on: { create(self) {} }'),
      },
      objects: [{ kind: 'bad' }, { kind: 'good', fresh: true }],
      onHandler: (slot, handler) => named.push(`${slot}:${handler}`),
    });
    isolate.tick();
    const number = isolate.load.handlers.findIndex(({ handler }) => handler === 'near');
    expect(named).toContain(`${isolate.rows.get(idOf(1))?.slot}:${number}`);
  });
});
