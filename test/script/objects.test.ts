/** What object scripts can do: events, verbs, tables, several scripts, undo. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/contract/content.ts';
import { idOf, script, startIsolate } from '../support/isolate.ts';

const player = (n: number, more: object = {}) => ({
  kind: 'farmer',
  name: `P${n}`,
  owner: `guest:${n}`,
  fresh: false,
  ...more,
});

describe('events', () => {
  it('OBJ-05 a script hears of creation, every tick, and activation', () => {
    using isolate = startIsolate({
      scripts: {
        hen: script(`state: { made: 0, loads: list(), ticks: 0 }, on: {
          create(self) { self.state.made++; },
          load(self, { reason }) { self.state.loads.push(reason); },
          tick(self) { self.state.ticks++; },
          activate(self, { by }) { return 'Hello ' + by.name; } }`),
      },
      objects: [{ kind: 'hen' }, player(2)],
    });
    isolate.ticks(3);
    expect(isolate.state(1)).toEqual({ made: 1, loads: ['start'], ticks: 3 });
    expect(isolate.call(2, 1, '@activate')).toMatchObject({ ok: true, result: { results: ['Hello P2'] } });
    using again = isolate.restart();
    again.tick();
    expect(again.state(1)).toMatchObject({ made: 1, loads: ['start', 'reload'] });
  });

  it('OBJ-04 OBJ-06 every script of an object is activated and only meaningful results come back', () => {
    using isolate = startIsolate({
      scripts: {
        hen: script(`on: { activate() { return 'one'; } }`),
        quiet: script(`on: { activate() {} }`),
        loud: script(`on: { activate() { return { two: 2 }; } }`),
        broken: script(`on: { activate() { throw new Error('no'); } }`),
      },
      objects: [
        { kind: 'hen', scripts: ['quiet', 'loud', 'broken'] },
        { kind: 'stone' },
        player(3),
        { kind: 'broken' },
      ],
    });
    isolate.tick();
    expect(isolate.call(3, 1, '@activate')).toMatchObject({ ok: true, result: { results: ['one', { two: 2 }] } });
    expect(isolate.call(3, 2, '@activate')).toMatchObject({
      ok: true,
      result: { results: [], text: 'nothing happened' },
    });
    expect(isolate.call(3, 4, '@activate')).toMatchObject({ ok: false, code: 'object.failed' });
    expect(isolate.call(3, idOf(99), '@activate')).toMatchObject({ ok: false, code: 'object.not-found' });
  });

  it('OBJ-03 OBJ-15 touch and part, near and far, enter and leave, hear, owner, refused, destroy', () => {
    const note = (names: string[]) =>
      names
        .map(
          (name) =>
            `${name}(self, e) { self.state.log.push(['${name}', e.other?.kind ?? e.from?.kind ?? e.who?.kind ?? e.verb ?? '', e.connected ?? e.text ?? e.reason ?? ''].join(' ')); }`,
        )
        .join();
    using isolate = startIsolate({
      scripts: {
        hen: script(
          `near: { radius: 4 }, state: { log: list() }, on: { ${note(['touch', 'part', 'near', 'far', 'enter', 'leave', 'hear', 'refused'])} }`,
        ),
        toy: script(
          `state: { log: list() }, on: { ${note(['owner'])}, destroy(self) { self.say('bye'); } }, methods: { end: { handle(self) { self.destroy(); } } }`,
        ),
        radio: script(`on: { tick(self, { world }) { if (world.tick === 2) self.say('news'); } }`),
      },
      objects: [
        { kind: 'hen' },
        { kind: 'radio', x: 14 },
        { kind: 'radio', x: 60 },
        player(4, { x: 12 }),
        { kind: 'toy', owner: 'guest:4', x: 12 },
      ],
    });
    isolate.tick();
    isolate.tick();
    isolate.tick({ contacts: [[idOf(1), idOf(4), true]], refused: [{ id: idOf(1), verb: 'push', reason: 'stuck' }] });
    isolate.tick({ contacts: [[idOf(1), idOf(4), false]], moved: [3, 50, 50, 0, 0, 0] });
    const owner = 'guest:4';
    isolate.tick({ items: [{ type: 'connected', owner, character: idOf(4), connected: false }] });
    isolate.tick({ items: [{ type: 'connected', owner, character: idOf(4), connected: true }] });
    isolate.tick({
      items: [{ type: 'say', call: 1, owner, character: idOf(4), text: 'far away' }],
      moved: [3, 12, 10, 0, 0, 0],
    });
    isolate.tick({ items: [{ type: 'say', call: 1, owner, character: idOf(4), text: 'hello' }] });
    expect(isolate.call(4, 5, 'end')).toMatchObject({ ok: true, result: null });
    expect(isolate.said()).toEqual(['bye']);
    expect(isolate.rows.has(idOf(5))).toBe(false);
    isolate.tick({ items: [{ type: 'leave', owner, character: idOf(4) }] });
    expect(isolate.state(1).log).toEqual([
      'near farmer ',
      'hear radio news',
      'refused push stuck',
      'touch farmer ',
      'far farmer ',
      'part farmer ',
      'hear farmer far away',
      'near farmer ',
      'hear farmer hello',
      'hear toy bye',
      'leave farmer ',
      'far farmer ',
    ]);
  });

  it('OBJ-12 a joining player is created, loaded and announced', () => {
    using isolate = startIsolate({
      scripts: {
        farmer: script(
          `state: { made: '' }, on: { create(self) { self.state.made += 'c'; }, load(self, { reason }) { self.state.made += reason; }, enter(self, { who }) { self.state.made += who.id === self.id ? ' me' : ' other'; } }`,
        ),
      },
      objects: [player(1, { keep: { versions: { farmer: 1 } } })],
    });
    isolate.tick();
    const newcomer = { ...isolate.row(1), id: idOf(2), slot: 7, owner: 'guest:2', state: {}, keep: {}, fresh: true };
    isolate.rows.set(newcomer.id, newcomer);
    const item = { type: 'join', call: 1, owner: 'guest:2', name: 'B', character: idOf(2) } as const;
    isolate.tick({ loaded: [{ ...newcomer, reason: 'arrive' }], items: [item] });
    expect([1, 2].map((n) => isolate.state(n).made)).toEqual(['start other', 'carrive me']);
    expect(isolate.row(2).state).toEqual({ made: 'carrive me' });
  });

  it('what was stored before its `create` ran, or before it had a script, is created when it is loaded, once', () => {
    const scripts = { hen: script(`state: { made: 0 }, on: { create(self) { self.state.made++; } }`) };
    using isolate = startIsolate({ scripts, objects: [{ kind: 'hen', fresh: false }] });
    isolate.tick();
    expect(isolate.state(1).made).toBe(1);
    using again = isolate.restart();
    again.tick();
    expect(again.state(1).made).toBe(1);
  });
});

describe('a handler is all or nothing', () => {
  it('OBJ-09 a throw undoes state, nested state, secrets, memories, words, timers, spawns and intents', () => {
    using isolate = startIsolate({
      scripts: {
        hen: script(`state: { n: 0, bag: list(), deep: { a: { b: 1 } } }, secret: { s: 0 }, on: {
          create(self) { self.state.bag.push('first'); self.after(50, 'stay'); },
          tick(self, { world }) {
            self.state.n = 9; self.state.bag.push('lost'); self.state.deep.a.b = 2; self.secret.s = 1;
            self.words.add('x'); self.name = 'lost'; self.after(1, 'lost'); self.cancel('stay'); self.velocity(1, 0); self.say('lost');
            self.teleport(50, 50); self.body.solid = false; world.state.x = 2;
            world.spawn('egg', { at: self }); self.create('egg'); self.once(world.players()[0], 'ever'); self.memory(world.players()[0]).n = 1; self.destroy();
            throw new Error('no');
          } }, timers: { lost() {}, stay() {} }`),
        egg: script(`on: { create(self) { self.say('egg'); } }`),
        'zones/yard.ts': `import { defineZone } from 'roost';\nexport default defineZone({ state: { x: 1 } });`,
      },
      objects: [{ kind: 'hen' }, player(2)],
    });
    isolate.tick();
    const { state, keep, name, words, x } = isolate.row(1);
    expect({ state, name, words, x }).toEqual({
      state: { n: 0, bag: ['first'], deep: { a: { b: 1 } } },
      name: '',
      words: [],
      x: 10,
    });
    expect(keep).toEqual({ secrets: { hen: { s: 0 } }, versions: { hen: 1 } });
    expect(isolate.out.intents).toEqual([]);
    expect([...isolate.timers.values()].map((timer) => timer.name)).toEqual(['stay']);
    expect(isolate.world).toEqual({ x: 1 });
    expect(isolate.ofKind('egg')).toEqual([]);
    expect(isolate.reports).toMatchObject([
      { what: 'throw', message: 'Error: no', file: 'scripts/hen.ts', handler: 'tick', count: 1 },
    ]);
  });

  it('errors are located in the file that threw, in its own lines and columns', () => {
    using isolate = startIsolate({
      scripts: {
        hen: `import { defineObject } from 'roost';\nimport { fail } from './lib/fail.ts';\n\nexport default defineObject({\n  on: {\n    tick(self: unknown) {\n      fail(self as object);\n    },\n  },\n});\n`,
        'scripts/lib/fail.ts':
          '// a comment\nexport function fail(what: object): void {\n  const typed: number = 1;\n  throw new TypeError("bad " + typed);\n}\n',
      },
      objects: [{ kind: 'hen' }],
    });
    isolate.tick();
    expect(isolate.reports).toMatchObject([
      { file: 'scripts/lib/fail.ts', line: 4, column: 9, message: 'TypeError: bad 1', kind: 'hen' },
    ]);
  });

  it('3 throws in 10 s suspend that script on that object for 10 s, doubling, visibly; others go on', () => {
    using isolate = startIsolate({
      scripts: {
        hen: script(
          `state: { ok: 0 }, on: { tick(self) { if (self.is('bad')) throw new Error('ouch'); self.state.ok++; } }`,
        ),
        also: script(`state: { also: 0 }, on: { tick(self) { self.state.also++; } }`),
      },
      objects: [{ kind: 'hen', words: ['bad'], scripts: ['also'] }, { kind: 'hen' }],
    });
    isolate.ticks(5, 1);
    expect(isolate.row(1).words).toEqual(['bad', 'suspended']);
    expect(isolate.state(1).also).toBe(5);
    expect(isolate.state(2).ok).toBe(5);
    expect(isolate.reports.map((r) => [r.what, r.tick])).toEqual([
      ['throw', 1],
      ['suspended', 3],
    ]);
    isolate.ticks(9, 1);
    expect(isolate.reports.filter((r) => r.what === 'throw')).toMatchObject([{ count: 1 }, { count: 3, tick: 13 }]);
    isolate.ticks(2, 1);
    expect(isolate.reports.at(-1)).toMatchObject({ what: 'suspended', tick: 15 });
    isolate.ticks(18, 1);
    expect(isolate.reports.at(-1)).toMatchObject({ tick: 15 });
  });

  it('players are no off-switch: faults of one caller suspend nothing', () => {
    using isolate = startIsolate({
      scripts: { hen: script(`methods: { poke: { handle() { throw new Error('ouch'); } } }`) },
      objects: [{ kind: 'hen' }, player(2), player(3), player(4)],
    });
    for (let i = 0; i < 6; i++) expect(isolate.call(2, 1, 'poke')).toMatchObject({ code: 'object.failed' });
    isolate.call(3, 1, 'poke');
    isolate.call(4, 1, 'poke');
    expect(isolate.call(2, 1, 'poke')).toMatchObject({ code: 'object.suspended' });
  });
});

describe('state', () => {
  it('OBJ-07 what is kept is in the data; module variables are not trusted', () => {
    using isolate = startIsolate({
      scripts: {
        hen: script(
          `state: { n: 0, list: list() }, own: { o: 1 }, on: { tick(self) { local++; self.state.n++; self.state.list.push(local); self.own.o = self.state.n; } }`,
          'let local = 0;',
        ),
      },
      objects: [{ kind: 'hen' }],
    });
    isolate.ticks(2);
    using again = isolate.restart();
    again.tick();
    expect(again.row(1)).toMatchObject({ state: { n: 3, list: [1, 2, 1] }, own: { o: 3 } });
  });

  it('OBJ-16 fields look like an ordinary object: keys, spread, JSON; unknown ones and bad values are refused', () => {
    const wrong = [
      'self.state.other = 1',
      'self.state.n = NaN',
      'self.state.n = undefined',
      'self.state.n = () => {}',
      'self.state.bag = new Map()',
      'self.state.bag = self',
      'const o = {}; o.o = o; self.state.bag = o',
      'self.state.t = "\\0"',
      'self.state.t = "x".repeat(20000)',
      'self.state.bag = { a: [undefined] }',
      'self.state.bag.push({ ["__proto__"]: 1 })',
      'delete self.state.n',
      'self.state.t = "\\ud800"',
    ];
    using isolate = startIsolate({
      scripts: {
        hen: script(`state: { n: 1, t: 'x', bag: list(), seen: '' }, methods: { ${wrong.map((code, i) => `m${i}: { handle(self) { ${code}; } }`).join()},
          keys: { handle(self) { return { keys: Object.keys(self.state), copy: { ...self.state }, json: JSON.stringify(self.state), has: 'n' in self.state }; } } }`),
      },
      objects: [{ kind: 'hen' }, player(2)],
    });
    const plain = { n: 1, t: 'x', bag: [], seen: '' };
    expect(isolate.call(2, 1, 'keys')).toMatchObject({
      result: { keys: ['n', 't', 'bag', 'seen'], copy: plain, json: JSON.stringify(plain), has: true },
    });
    const outcomes = wrong.map((_, i) => [wrong[i], isolate.call(2, 1, `m${i}`).ok]);
    expect(outcomes).toEqual(wrong.map((code) => [code, code.includes('self.state.bag = self')]));
    expect(isolate.state(1)).toMatchObject({ n: 1, t: 'x' });
  });

  it('state declared twice is an error of the second script', () => {
    using isolate = startIsolate({
      scripts: { hen: script('state: { n: 0 }'), more: script('state: { n: 1 }') },
      objects: [{ kind: 'hen', scripts: ['more'] }],
    });
    expect(isolate.load.reports).toMatchObject([
      { script: 'more', what: 'load', message: expect.stringContaining("'n'") },
    ]);
  });

  it('version and migrate turn old data into new; without a new version new fields get their defaults', () => {
    using isolate = startIsolate({
      scripts: { hen: script(`state: { eggs: 3 }, secret: { fed: 1 }`) },
      objects: [{ kind: 'hen' }],
    });
    isolate.tick();
    using second = isolate.restart({
      scripts: { hen: script(`state: { eggs: 0, mood: 'calm' }, secret: { fed: 0 }`) },
    });
    second.tick();
    expect(second.state(1)).toEqual({ eggs: 3, mood: 'calm' });
    using third = second.restart({
      scripts: {
        hen: script(
          `version: 2, state: { clutch: 0 }, secret: { lastFed: 0 }, migrate(old, from) { return { state: { clutch: old.state.eggs * 10 + from }, secret: { lastFed: old.secret.lastFed ?? 7 } }; }`,
        ),
      },
    });
    third.tick();
    expect(third.out.changes[0]).toMatchObject({ whole: { state: { clutch: 31 }, own: {} } });
    expect(third.row(1).keep).toMatchObject({ versions: { hen: 2 }, secrets: { hen: { lastFed: 7 } } });
    using lower = third.restart({ scripts: { hen: script('version: 1, state: { eggs: 0 }') } });
    expect(lower.load.reports).toMatchObject([{ what: 'load', message: expect.stringContaining('lower') }]);
    using throwing = third.restart({
      scripts: { hen: script(`version: 3, migrate() { throw new Error('cannot'); }`) },
    });
    expect(throwing.load.reports).toMatchObject([{ handler: 'migrate', message: 'Error: cannot' }]);
  });
});

describe('timers', () => {
  const hen =
    script(`state: { log: list() }, on: { create(self) { self.after(1, 'once', { a: 1 }); self.every(2, 'again'); self.after(5, 'gone'); self.after(6, 'gone'); self.cancel('gone'); } },
    timers: { once(self, { data }) { self.state.log.push(data.a); }, again(self, { missed }) { self.state.log.push('again ' + missed); }, gone(self) { self.state.log.push('no'); } }`);

  it('fire once when due; repeating ones go on; late ones fire once and say what they missed', () => {
    using isolate = startIsolate({ scripts: { hen }, objects: [{ kind: 'hen' }] });
    isolate.tick();
    expect(isolate.out.nextDue).toBeCloseTo(1_000_001.05, 5);
    isolate.ticks(4, 1);
    expect(isolate.state(1).log).toEqual([1, 'again 0', 'again 0']);
    expect(isolate.out.timers).toMatchObject([{ name: 'again', every: 2 }]);
    isolate.tick({}, 21);
    expect(isolate.state(1).log).toEqual([1, 'again 0', 'again 0', 'again 9']);
    isolate.tick({}, 1.9);
    expect(isolate.state(1).log).toHaveLength(4);
    isolate.tick({}, 0.2);
    expect(isolate.state(1).log).toHaveLength(5);
  });

  it('survive a new isolate, and are gone from the store in the tick that fired them', () => {
    using isolate = startIsolate({ scripts: { hen }, objects: [{ kind: 'hen' }] });
    isolate.tick();
    using again = isolate.restart();
    again.tick({}, 1.5);
    expect(again.state(1).log).toEqual([1]);
    expect(again.out.timers).toMatchObject([{ name: 'once', due: null }]);
    expect([...again.timers.values()].map((timer) => timer.name)).toEqual(['again']);
  });

  it('are at most 64 an object, need a handler, and one set in a timer waits for the next tick', () => {
    using isolate = startIsolate({
      scripts: {
        hen: script(`state: { n: 0 }, on: { create(self) { self.after(0, 'loop'); } }, timers: { loop(self) { self.state.n++; self.after(0, 'loop'); }, ${Array.from({ length: 70 }, (_, i) => `t${i}() {}`).join()} },
          methods: { many: { handle(self) { for (let i = 0; i < 70; i++) self.after(9, 't' + i); } }, none: { handle(self) { self.after(1, 'nothing'); } } }`),
      },
      objects: [{ kind: 'hen' }, player(2)],
    });
    isolate.ticks(3);
    expect(isolate.state(1).n).toBe(3);
    expect(isolate.call(2, 1, 'many').ok).toBe(false);
    expect(isolate.call(2, 1, 'none').ok).toBe(false);
    expect(isolate.timers.size).toBe(1);
  });
});

describe('messages, questions, speech', () => {
  it('a message arrives in the next tick, in order; to nobody it is false', () => {
    using isolate = startIsolate({
      scripts: {
        fox: script(
          `state: { sent: list() }, on: { create(self, { world }) { const hen = world.find('hen')[0]; for (const n of [1, 2, 3]) self.state.sent.push(self.send(hen, 'bite', { n })); self.state.sent.push(self.send('00000000000000ff', 'bite')); self.send(hen.id, 'toString'); } }`,
        ),
        hen: script(
          `state: { log: list() }, messages: { bite(self, { from, data }) { self.state.log.push(from.kind + data.n); } }`,
        ),
      },
      objects: [{ kind: 'fox' }, { kind: 'hen' }],
    });
    isolate.tick();
    expect(isolate.state(2).log).toEqual([]);
    isolate.tick();
    expect(isolate.state(2).log).toEqual(['fox1', 'fox2', 'fox3']);
    expect(isolate.state(1).sent).toEqual([true, true, true, false]);
  });

  it('ask and answers: only who was asked, only what was offered, once', () => {
    using isolate = startIsolate({
      scripts: {
        giver:
          script(`on: { activate(self, { by }) { const q = self.memory(by); if (q.step === undefined) return self.ask(by, 'start', 'Help?', ['Yes', 'No']); return 'Step ' + q.step; } },
          answers: { start(self, { by, choice }) { if (choice === 'Yes') { self.memory(by).step = 1; self.tell(by, 'North!'); } } }`),
      },
      objects: [{ kind: 'giver' }, player(2), player(3)],
    });
    isolate.call(2, 1, '@activate');
    expect(isolate.intents('ask')).toMatchObject([{ to: idOf(2), question: 'start', choices: ['Yes', 'No'] }]);
    expect(isolate.call(3, 1, '@answer', { name: 'start', choice: 'Yes' })).toMatchObject({ ok: false });
    expect(isolate.call(2, 1, '@answer', { name: 'start', choice: 'Maybe' })).toMatchObject({ ok: false });
    expect(isolate.call(2, 1, '@answer', { name: 'start', choice: 'Yes' })).toMatchObject({ ok: true });
    expect(isolate.intents('tell')).toMatchObject([{ to: idOf(2), text: 'North!' }]);
    expect(isolate.call(2, 1, '@answer', { name: 'start', choice: 'Yes' })).toMatchObject({ ok: false });
    using again = isolate.restart();
    expect(again.call(2, 1, '@activate')).toMatchObject({ result: { results: ['Step 1'] } });
    again.tick({ items: [{ type: 'leave', owner: 'guest:2', character: idOf(2) }] });
    expect(again.row(1).keep).toEqual({ memories: { giver: {} }, versions: { giver: 1 } });
  });

  it('OBJ-08 OBJ-09 lines, dice, states, what is around; bad dice are an error of the script', () => {
    using isolate = startIsolate({
      scripts: {
        hen: script(`state: { out: list() }, methods: {
          say: { handle(self) { self.sayOneOf(['a', 'b']); self.effect('cluck', { loud: 2 }); self.say(babble('Hello')); } },
          roll: { params: { dice: 'string' }, handle(self, { params, world }) { return Array.from({ length: 200 }, () => world.roll(params.dice)); } },
          look: { handle(self, { world }) { return { near: self.around(6).map((o) => o.id.slice(-1)), eggs: self.around(50, { kind: 'egg', state: { ripe: true } }).length, nearest: self.nearest('player', 50)?.name, words: world.find({ word: 'red' }).length, count: world.count('egg'), all: self.around(99).length }; } } }`),
        egg: script('state: { ripe: false }'),
      },
      objects: [
        { kind: 'hen' },
        player(2, { x: 11 }),
        { kind: 'egg', x: 13, state: { ripe: true } },
        { kind: 'egg', x: 12, words: ['red'] },
        ...Array.from({ length: 80 }, () => ({ kind: 'stone', x: 40 })),
      ],
    });
    isolate.call(2, 1, 'say');
    expect(isolate.said()).toHaveLength(2);
    expect(isolate.intents('effect')).toMatchObject([{ name: 'cluck', data: { loud: 2 } }]);
    const rolls = isolate.call(2, 1, 'roll', { dice: '2d6+1' }) as unknown as { result: number[] };
    expect(Math.min(...rolls.result)).toBe(3);
    expect(Math.max(...rolls.result)).toBe(13);
    expect(isolate.call(2, 1, 'roll', { dice: '1d4 2d1-1, 1d1' })).toMatchObject({ ok: true });
    for (const dice of ['101d6', '50d6 51d6', 'd', '2d', '-1d6', '2d6+', '1d0', '0d6', '']) {
      expect([dice, isolate.call(2, 1, 'roll', { dice }).ok]).toEqual([dice, false]);
    }
    expect(isolate.call(2, 1, 'look')).toMatchObject({
      result: { near: ['2', '4', '3'], eggs: 1, nearest: 'P2', words: 1, count: 2, all: 64 },
    });
  });

  it('rates: 5 says, 5 spawns, 20 messages a second and object', () => {
    using isolate = startIsolate({
      scripts: {
        hen: script(`methods: {
          say: { handle(self) { for (let i = 0; i < 9; i++) self.say('x' + i); } },
          send: { handle(self, { by }) { let n = 0; for (let i = 0; i < 30; i++) if (self.send(by, 'x')) n++; return n; } },
          spawn: { handle(self, { world }) { let n = 0; for (let i = 0; i < 9; i++) try { world.spawn('egg'); n++; } catch {} return n; } } }`),
      },
      objects: [{ kind: 'hen' }, player(2)],
    });
    isolate.call(2, 1, 'say');
    expect(isolate.said()).toHaveLength(5);
    expect(isolate.call(2, 1, 'send')).toMatchObject({ result: 20 });
    expect(isolate.call(2, 1, 'spawn')).toMatchObject({ result: 5 });
    expect(isolate.reports.map((r) => [r.what, r.handler])).toEqual([
      ['refused', 'say'],
      ['refused', 'send'],
    ]);
  });
});

describe('moving', () => {
  const wall = {
    points: [
      { x: 12, y: 0 },
      { x: 12, y: 20 },
    ],
    closed: false,
  };
  const mover = script(`body: { shape: 'circle', radius: 0.3 }, methods: {
    move: { params: { x: 'number', y: 'number?' }, handle(self, { params }) { return self.move(params.x, params.y ?? 0); } },
    jump: { params: { x: 'number' }, handle(self, { params }) { return self.teleport(params.x, 5); } },
    walk: { handle(self) { return self.walkTo({ x: 20, y: 20 }, 2); } },
    sees: { params: { x: 'number' }, handle(self, { params }) { return self.sees({ x: params.x, y: 10 }); } },
    touch: { handle(self) { return self.touching().map((o) => o.kind); } },
    flee: { handle(self, { by }) { self.flee(by, 3); } } }`);

  it('OBJ-10 move is false and changes nothing against walls and fixed things, true otherwise; movable ones never block', () => {
    using isolate = startIsolate({
      scripts: {
        hen: mover,
        gate: script(`body: { shape: 'box', width: 0.4, height: 4, type: 'static' }`),
        crate: script(`body: { shape: 'box', width: 1, height: 1 }`),
      },
      objects: [{ kind: 'hen' }, player(2), { kind: 'gate', x: 8 }, { kind: 'crate', y: 11 }],
      solids: [wall],
    });
    const move = (x: number, y = 0) => isolate.call(2, 1, 'move', { x, y });
    expect(move(3)).toMatchObject({ result: false });
    expect(move(-3)).toMatchObject({ result: false });
    expect([isolate.row(1).x, isolate.intents('place')]).toEqual([10, []]);
    expect(move(0, 2)).toMatchObject({ result: true });
    expect(isolate.intents('place')).toEqual([{ verb: 'place', id: idOf(1), x: 10, y: 12, checked: true }]);
    expect(move(0, -200)).toMatchObject({ result: false });
    expect(isolate.call(2, 1, 'jump', { x: -1 })).toMatchObject({ result: false });
    expect(isolate.call(2, 1, 'jump', { x: 50 })).toMatchObject({ result: true });
  });

  it('walkTo asks once and tells where the walk stands; sees and touching know walls and bodies', () => {
    using isolate = startIsolate({
      scripts: { hen: mover },
      objects: [{ kind: 'hen' }, player(2), { kind: 'hen', x: 10.5 }],
      solids: [wall],
    });
    expect(isolate.call(2, 1, 'walk')).toMatchObject({ result: 'going' });
    expect(isolate.intents('walk')).toMatchObject([{ to: { x: 20, y: 20 }, speed: 2 }]);
    isolate.call(2, 1, 'walk');
    expect(isolate.intents('walk')).toEqual([]);
    isolate.tick({ walks: [[idOf(1), 'stuck']] });
    expect(isolate.call(2, 1, 'walk')).toMatchObject({ result: 'stuck' });
    isolate.tick({ walks: [[idOf(1), 'there']], moved: [0, 20, 20, 0, 0, 0] });
    expect(isolate.call(2, 1, 'walk')).toMatchObject({ ok: false, code: 'object.too-far' });
    isolate.tick({ moved: [0, 10, 10, 0, 0, 0] });
    expect(isolate.call(2, 1, 'sees', { x: 11 })).toMatchObject({ result: true });
    expect(isolate.call(2, 1, 'sees', { x: 13 })).toMatchObject({ result: false });
    expect(isolate.call(2, 1, 'touch')).toMatchObject({ result: ['hen'] });
    isolate.tick({ moved: [1, 9, 10, 0, 0, 0] });
    isolate.call(2, 1, 'flee');
    expect(isolate.intents('velocity')).toMatchObject([{ vx: 3, vy: 0 }]);
  });

  it('what moved is known whole, however many they are', () => {
    const look = `[self.x, self.y, Object.is(self.angle, 0), self.vx, self.vy]`;
    using isolate = startIsolate({
      scripts: { hen: script(`methods: { where: { handle(self) { return ${look}; } } }`) },
      objects: [player(1), { kind: 'hen' }, { kind: 'hen' }],
    });
    const stranger = [9_999, 1, 1, 1, 1, 1];
    const crowd = Array.from({ length: 4_999 }, () => stranger).flat();
    isolate.tick({ moved: [...crowd, 1, 10.1, 10, -0, 3, 4, 2, 10.2, 9.9, -0, 5, 6] });
    expect(isolate.call(1, 2, 'where')).toMatchObject({ result: [10.1, 10, true, 3, 4] });
    expect(isolate.call(1, 3, 'where')).toMatchObject({ result: [10.2, 9.9, true, 5, 6] });
  });

  it('a character with an input handler gets the stream and its seq', () => {
    const input = (x: number, seq: number) =>
      ({ type: 'input', owner: 'guest:1', character: idOf(1), seq, input: { x, y: 0 } }) as const;
    using scripted = startIsolate({
      scripts: {
        farmer: script(
          `state: { x: 0, seq: 0 }, on: { input(self, { input, seq }) { self.state.x = input.x; self.state.seq = seq; } }`,
        ),
      },
      objects: [player(1)],
    });
    scripted.tick({ items: [input(5, 8)] });
    expect(scripted.state(1)).toEqual({ x: 5, seq: 8 });
    expect(scripted.out.acks).toEqual([{ owner: 'guest:1', seq: 8 }]);
  });
});

describe('having', () => {
  it('one row changes holder or nothing happens: into, give, take, drop, contains, before', () => {
    using isolate = startIsolate({
      scripts: {
        chest: script(`contains: { max: 3 }, on: { create(self) { self.create('sword'); self.create('coin'); },
          activate(self, { by }) { if (!self.once(by, 'day')) return 'had'; const prize = self.contents()[0]; if (!prize) return 'Empty.'; return prize.into(by) ? 'You take ' + prize.kind : 'no'; } },
          methods: { rich: { handle(self, { by }) { return [by.give('coin', 3), by.has('coin', 3), by.take('coin', 4), by.take('coin', 2), by.contents().map((o) => o.kind)]; } },
            full: { handle(self) { return [self.give('coin', 2), self.contents().length, self.give('coin'), self.give('coin')]; } },
            drop: { handle(self) { return [self.drop('coin'), self.drop('sword'), self.contents().length]; } } }`),
        sword: script(`before: { take(self, { holder }) { if (holder.name === 'P3') return 'not you'; } }`),
        coin: script(''),
      },
      objects: [{ kind: 'chest' }, player(2), player(3)],
    });
    isolate.tick();
    expect(isolate.ofKind('sword')).toMatchObject([{ holder: idOf(1) }]);
    expect(isolate.call(3, 1, '@activate')).toMatchObject({ result: { results: ['no'] } });
    expect(isolate.call(2, 1, '@activate')).toMatchObject({ result: { results: ['You take sword'] } });
    expect(isolate.call(2, 1, '@activate')).toMatchObject({ result: { results: ['had'] } });
    expect(isolate.ofKind('sword')).toMatchObject([{ holder: idOf(2) }]);
    expect(isolate.call(2, 1, 'rich')).toMatchObject({ result: [true, true, false, true, ['sword', 'coin']] });
    isolate.tick();
    expect(isolate.ofKind('coin').map((row) => row.holder)).toEqual([idOf(1), idOf(2)]);
    isolate.ticks(2, 1);
    expect(isolate.call(2, 1, 'full')).toMatchObject({ result: [true, 3, false, false] });
    expect(isolate.call(2, 1, 'drop')).toMatchObject({ result: [true, true, 2] });
    expect(isolate.ofKind('sword').map((row) => row.holder)).toEqual([idOf(2), null]);
  });

  it('before handlers only decide: what they change is refused', () => {
    using isolate = startIsolate({
      scripts: {
        stone: script(`state: { n: 0 }, before: { push(self, { by }) { self.state.n++; } }`),
        wind: script(
          `on: { tick(self, { world }) { self.state.out = world.find('stone')[0].push(1, 0); } }, state: { out: true }`,
        ),
      },
      objects: [{ kind: 'stone', shape: { shape: 'circle', radius: 1 } }, { kind: 'wind' }],
    });
    isolate.tick();
    expect([isolate.state(1).n, isolate.state(2).out]).toEqual([0, false]);
    expect(isolate.reports).toMatchObject([{ handler: 'before.push', script: 'stone' }]);
  });

  it('OBJ-01 spawn gives a handle at once, create runs after, the intent carries what came of it', () => {
    using isolate = startIsolate({
      scripts: {
        bow: script(
          `methods: { shoot: { params: { angle: 'number' }, handle(self, { by, params, world }) { const arrow = world.spawn('arrow', { at: by, angle: params.angle, speed: 20, owner: by, ignore: [by], life: 3, state: { power: 2 } }); return [arrow.kind, arrow.owner === by.id, arrow.state.power, world.count('arrow')]; } } }`,
        ),
        arrow: script(
          `body: { shape: 'circle', radius: 0.05, fast: true, sensor: true }, state: { power: 1, made: false }, on: { create(self) { self.state.made = true; }, touch(self, { other }) { self.send(other, 'hit'); self.destroy(); } }`,
        ),
      },
      objects: [{ kind: 'bow' }, player(2)],
    });
    expect(isolate.call(2, 1, 'shoot', { angle: 0 })).toMatchObject({ result: ['arrow', true, 2, 1] });
    const [spawned] = isolate.intents('spawn');
    expect(spawned).toMatchObject({
      by: idOf(1),
      kind: 'arrow',
      vx: 20,
      vy: 0,
      owner: idOf(2),
      ignore: [idOf(2)],
      state: { power: 2, made: true },
    });
    isolate.ticks(5, 0.5);
    expect(isolate.ofKind('arrow')).toHaveLength(1);
    isolate.tick({}, 0.6);
    expect(isolate.ofKind('arrow')).toHaveLength(0);
  });
});

describe('calls', () => {
  it('allow, reach, params and unknown methods are checked again; the result is plain data', () => {
    using isolate = startIsolate({
      scripts: {
        hen: script(`methods: {
          feed: { reach: 1.5, params: { amount: 'integer', note: 'string?', who: 'id?', ok: 'boolean?' }, durable: true, handle(self, { params }) { return params; } },
          mine: { allow: 'owner', handle() {} }, look: { allow: 'view', handle() { return { at: 1 }; } },
          big: { handle() { return 'x'.repeat(5000); } }, odd: { handle() { return () => {}; } } }`),
      },
      objects: [{ kind: 'hen' }, player(2, { x: 11 }), player(3, { x: 40 }), { kind: 'hen', words: ['hidden'] }],
    });
    expect(isolate.call(2, 1, 'feed', { amount: 2 })).toMatchObject({ ok: true, result: { amount: 2 }, durable: true });
    const wrong: JsonObject[] = [
      {},
      { amount: 1.5 },
      { amount: '1' },
      { amount: 1, extra: 1 },
      { amount: 1, note: 'x'.repeat(501) },
      { amount: 1, who: 'x' },
      { amount: 1, ok: 1 },
      { amount: 1, toString: 1 },
    ];
    for (const params of wrong) expect(isolate.call(2, 1, 'feed', params)).toMatchObject({ code: 'object.bad-params' });
    expect(isolate.call(3, 1, 'feed', { amount: 1 })).toMatchObject({ code: 'object.too-far' });
    expect(isolate.call(3, 1, 'look')).toMatchObject({ ok: true });
    expect(isolate.call(2, 1, 'mine')).toMatchObject({ code: 'object.forbidden' });
    for (const method of ['__proto__', 'constructor', 'nope', 'toString']) {
      expect(isolate.call(2, 1, method)).toMatchObject({ code: 'object.unknown-method' });
    }
    expect(isolate.call(2, 4, 'look')).toMatchObject({ code: 'object.not-found' });
    expect(isolate.call(2, 1, 'big')).toMatchObject({ code: 'object.failed' });
    expect(isolate.call(2, 1, 'odd')).toMatchObject({ code: 'object.failed' });
    expect(isolate.load.kinds[0]?.methods.find((m) => m.name === 'feed')).toEqual({
      name: 'feed',
      label: 'feed',
      allow: 'reach',
      reach: 1.5,
      durable: true,
      params: { amount: 'integer', note: 'string?', who: 'id?', ok: 'boolean?' },
    });
  });
});

describe('the zone’s own script', () => {
  it('has state that every script may set, timers, events and methods', () => {
    using isolate = startIsolate({
      scripts: {
        'zones/yard.ts': `import { defineZone } from 'roost';
          export default defineZone({ state: { night: false, score: [0, 0] },
            on: { create(world) { world.every(10, 'dusk'); }, enter(world, { who }) { world.emit('hello', { name: who.name }); } },
            timers: { dusk(world) { world.state.night = !world.state.night; } },
            methods: { reset: { handle(world) { world.state.score = [0, 0]; return 'done'; } } } });`,
        goal: script(`on: { tick(self, { world }) { if (world.state.night) world.state.score[1] += 1; } }`),
      },
      objects: [{ kind: 'goal' }, player(2)],
    });
    isolate.tick();
    expect(isolate.out.world).toMatchObject({ state: { night: false, score: [0, 0] } });
    expect(isolate.out.timers).toMatchObject([{ object: '', name: 'dusk' }]);
    isolate.tick({}, 10);
    expect(isolate.world).toEqual({ night: true, score: [0, 1] });
    expect(isolate.call(2, '', 'reset')).toMatchObject({ ok: true, result: 'done' });
    using again = isolate.restart();
    again.tick();
    expect(again.world).toEqual({ night: true, score: [0, 2] });
    expect(again.timers.size).toBe(1);
  });
});

it('things that answer each other’s lines for ever stop at their rate, in one tick', () => {
  using isolate = startIsolate({
    scripts: { parrot: script(`on: { load(self) { self.say('a'); }, hear(self, { text }) { self.say(text); } }`) },
    objects: Array.from({ length: 20 }, () => ({ kind: 'parrot' })),
  });
  isolate.tick();
  expect(isolate.said()).toHaveLength(100);
});

it('OBJ-11 a slow tick runs every n-th tick', () => {
  using isolate = startIsolate({
    scripts: { hen: script(`every: 0.2, state: { n: 0 }, on: { tick(self) { self.state.n++; } }`) },
    objects: [{ kind: 'hen' }, { kind: 'hen' }],
  });
  isolate.ticks(20);
  expect([isolate.state(1).n, isolate.state(2).n]).toEqual([5, 5]);
});

it('order in a tick: kinds by name, objects by id, and later handlers see what earlier ones did', () => {
  using isolate = startIsolate({
    scripts: {
      b: script(`on: { tick(self, { world }) { world.state.log.push('b' + self.id.slice(-1)); } }`),
      a: script(`on: { tick(self, { world }) { world.state.log.push('a' + self.id.slice(-1)); } }`),
      'zones/yard.ts': `import { defineZone, list } from 'roost';\nexport default defineZone({ state: { log: list() } });`,
    },
    objects: [{ kind: 'b' }, { kind: 'a' }, { kind: 'b' }, { kind: 'a' }],
  });
  isolate.tick();
  expect(isolate.world.log).toEqual(['a2', 'a4', 'b1', 'b3']);
});
