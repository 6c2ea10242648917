/** The wall round scripts: what reference lists of escapes do, tried on the real engine. */
import { describe, expect, it } from 'vitest';
import { script, startIsolate } from '../support/isolate.ts';

/** Runs a text in a handler of one object and gives what it put into `state.out`, with a neighbour that only counts. */
function attempt(code: string, before = '') {
  using isolate = startIsolate({
    scripts: {
      attacker: script(`state: { out: '' }, on: { tick(self, { world }) { ${code} } }`, before),
      neighbour: script('state: { n: 0 }, on: { tick(self) { self.state.n++; self.say("fine"); } }'),
    },
    objects: [{ kind: 'attacker' }, { kind: 'neighbour' }],
  });
  if (isolate.load.reports.length > 0) return { out: '', error: isolate.load.reports[0]?.message ?? '', isolate };
  isolate.ticks(2);
  const error = isolate.reports[0]?.message ?? '';
  expect(isolate.state(2).n).toBe(2);
  expect(isolate.said()).toContain('fine');
  return { out: String(isolate.state(1).out), error, isolate };
}

describe('lies', () => {
  it.each([
    ['F1', 'Object.prototype.toJSON = function () { return { forged: true }; };'],
    ['F2', 'Array.prototype.toJSON = function () { return [{ verb: "destroy", id: "0001000000000002" }]; };'],
    ['F3', 'Object.defineProperty(Array.prototype, "0", { set(v) {}, get() { return { forged: 1 }; } });'],
    ['F4', 'Object.defineProperty(Object.prototype, "hen", { set(v) {}, get() { return 0; } });'],
    ['F5', 'Array.prototype.push = function (x) {};'],
    ['Math.ceil', 'Math.ceil = () => 0;'],
    ['JSON.parse', 'JSON.parse = () => ({});'],
    ['Map.get', 'Map.prototype.get = () => 1;'],
    ['global', 'globalThis.shared = 1;'],
    ['prototype of a builtin', 'Object.setPrototypeOf(Array.prototype, { evil: 1 });'],
    ['iterator', 'Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true });'],
    ['handle', 'Object.getPrototypeOf(self).say = () => {};'],
    ['world', 'world.spawn = () => {};'],
    ['event of others', 'Object.getPrototypeOf(Object.getPrototypeOf(self)).push = 1;'],
    ['stack hook', 'Error.prepareStackTrace = () => {};'],
  ])('%s: a builtin cannot be replaced, and the neighbour goes on', (_, code) => {
    const { error } = attempt(`${code} self.state.out = 'did it';`);
    expect(error).toMatch(/TypeError/);
  });

  it('F6 no function makes code from text', () => {
    const { out } = attempt(`
      const found = [];
      for (const made of [() => {}, function* () {}, class {}, [].map, self.say]) {
        let at = made;
        while (at) { for (const key of ['constructor']) { const f = at[key]; if (typeof f === 'function' && f !== Object) { try { found.push(String(f('return 1')())); } catch {} } } at = Object.getPrototypeOf(at); }
      }
      self.state.out = found.join() + typeof Function + typeof globalThis['ev' + 'al'];`);
    expect(out).toBe('undefinedundefined');
  });

  it('F7 there is no clock, no waiting, no shared memory, no code', () => {
    const names = [
      ['Date', 'Intl', 'Temporal', 'WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer', 'Atomics', 'WebAssembly'],
      ['console', 'Promise', 'ArrayBuffer', 'Uint8Array', 'DataView', 'BigInt', 'setTimeout', 'process', 'require'],
      ['queueMicrotask', 'performance', 'escape', 'AsyncDisposableStack'],
    ].flat();
    const { out } = attempt(
      `self.state.out = ${JSON.stringify(names)}.filter((name) => typeof globalThis[name] !== 'undefined').join();`,
    );
    expect(out).toBe('');
  });

  it('only what is on the list is global, and all that can be reached is frozen', () => {
    const { out } = attempt(`
      const seen = new Set();
      const open = [globalThis, self, world, () => {}, function* () {}, /a/, ''.matchAll(/a/g), [].values(), new Map().keys(), [].values().map((x) => x), new Error('x')];
      const loose = [];
      while (open.length > 0) {
        const at = open.pop();
        if ((typeof at !== 'object' && typeof at !== 'function') || at === null || seen.has(at)) continue;
        seen.add(at);
        open.push(Object.getPrototypeOf(at));
        for (const key of Reflect.ownKeys(at)) {
          const found = Reflect.getOwnPropertyDescriptor(at, key);
          open.push(found.value, found.get, found.set);
        }
        if (!Object.isFrozen(at)) loose.push(String(Object.prototype.toString.call(at)));
      }
      self.state.out = seen.size > 300 ? loose.slice(0, 12).join() : 'too few ' + seen.size;`);
    // Fresh objects of the handler itself: two functions with a prototype, an expression, iterators, an error, self.
    expect(out.split(',').every((name) => /Function|Generator|RegExp|Iterator|Error|Object/.test(name))).toBe(true);
    expect(out).not.toContain('global');
  });

  it('people override name, message, toString, valueOf and constructor on their own objects', () => {
    const { out, error } = attempt(
      `const e = new Oops('lost'); const o = {}; o.toString = () => 'mine'; o.valueOf = () => 3; o.constructor = Oops;
       Old.prototype = Object.create(Map.prototype); Old.prototype.constructor = Old; Old.prototype.toString = () => 'old';
       self.state.out = [e.name, e.message, e instanceof Error, String(o), o + 1, String(new Old())].join();`,
      `class Oops extends Error { constructor(m) { super(m); this.name = 'Oops'; this.message = m + '!'; } }\nfunction Old() {}`,
    );
    expect(error).toBe('');
    expect(out).toBe('Oops,lost!,true,mine,4,old');
  });

  it('chance is the zone’s: the same seed, the same sequence', () => {
    const draw = () => attempt('self.state.out = [Math.random(), world.random(), world.roll("3d6")].join();').out;
    expect(draw()).toBe(draw());
  });
});

describe('what is thrown or returned stays inside', () => {
  const stuck = 'for (;;);';
  it.each([
    [
      'C1 as a trap that throws',
      'throw new Proxy({}, { getOwnPropertyDescriptor() { throw 1; }, getPrototypeOf() { throw 2; } });',
    ],
    ['C1', `throw { get message() { ${stuck} }, get stack() { ${stuck} } };`],
    ['C2', `const e = new Error('x'); Object.defineProperty(e, 'stack', { get() { ${stuck} } }); throw e;`],
    ['proxy', 'throw new Proxy({}, { get() { throw 1; } });'],
    ['a text of a megabyte', 'throw new Error("x".repeat(1e6));'],
    ['nothing', 'throw undefined;'],
    ['a symbol', 'throw Symbol("x");'],
    ['a function', 'throw () => {};'],
  ])('%s is an error of its handler', (_, code) => {
    const { error } = attempt(code);
    expect(error).not.toBe('');
    expect(error.length).toBeLessThan(700);
  });

  it('C3 a getter that the engine calls while it makes the error is stopped with the tick', () => {
    using isolate = startIsolate({
      scripts: {
        bad: script(`on: { tick() { class E extends Error { get name() { ${stuck} } } throw new E('x'); } }`),
      },
      objects: [{ kind: 'bad' }],
      limits: { tickLimitMs: 100 },
    });
    expect(isolate.enter()).toMatchObject({ kind: 'fault', fault: { kind: 'timeout' } });
  });

  it('C5 Error.prepareStackTrace cannot be set', () => {
    expect(attempt('Error.prepareStackTrace = () => { for (;;); }; null.x;').error).toMatch(/TypeError/);
  });

  it('C6 the top level of a file is run like a handler', () => {
    const { error } = attempt('', `throw { get message() { ${stuck} }, get stack() { ${stuck} } };`);
    expect(error).toContain('no error');
  });

  it.each([
    ['await', 'await Promise.reject({ get message() { for (;;); } });', 'await is not available'],
    ['an async handler', 'async function late() {}', 'async functions are not available'],
    ['import()', "const later = import('./x.ts');", 'import() is not available'],
  ])('C7 %s is refused before anything runs', (_, code, message) => {
    expect(() => startIsolate({ scripts: { bad: script('', code) } })).toThrow(message);
  });

  it('C7 there are no promises to be rejected, and no turn of their own for what looks like one', () => {
    expect(attempt('Promise.reject({ get message() { for (;;); } });').error).toContain('Promise is not defined');
    const { out } = attempt(
      'const later = { then() { self.state.out = "ran"; } }; self.state.out = "kept"; return later.x;',
    );
    expect(out).toBe('kept');
  });

  it('a getter in state runs under the handler that put it there', () => {
    const bomb = `Object.defineProperty({}, 'x', { enumerable: true, get() { throw new Error('late'); } })`;
    using isolate = startIsolate({
      scripts: {
        hen: script(`state: { bag: {}, n: 0 }, on: { tick(self) { self.state.n++; self.state.bag = ${bomb}; } }`),
      },
      objects: [{ kind: 'hen' }],
    });
    isolate.tick();
    expect(isolate.reports).toMatchObject([{ message: 'Error: late', handler: 'tick', object: '0001000000000001' }]);
    expect(isolate.state(1).n).toBe(0);
  });
});

describe('forged and kept handles', () => {
  it('a handle or state kept after its handler is dead', () => {
    const { out } = attempt(
      `if (!kept) { kept = { self, state: self.state, words: self.words, body: self.body, other: self.around(50)[0] }; return; }
       const errors = [];
       for (const use of [() => kept.self.say('x'), () => { kept.self.state.out = 'x'; }, () => kept.self.x, () => kept.other.name, () => { kept.state.out = 'no'; }, () => kept.words.add('x'), () => { kept.body.solid = false; }])
         try { use(); errors.push('alive'); } catch (e) { errors.push(e.message.includes('kept') ? 'dead' : e.message); }
       self.state.out = errors.join();`,
      'let kept = null;',
    );
    expect(out).toBe('dead,dead,dead,dead,dead,dead,dead');
  });

  it('methods of self do not work on others', () => {
    const { out } = attempt(
      `const other = self.around(50)[0];
       const errors = [];
       for (const use of [() => self.say.call(other, 'forged'), () => self.destroy.call(other), () => { other.name = 'x'; }, () => { other.state.n = 9; }, () => self.say.call({}, 'x'), () => other.secret.x])
         try { use(); errors.push('did'); } catch (e) { errors.push(e.constructor.name); }
       self.state.out = errors.join();`,
    );
    expect(out).not.toContain('did');
  });

  it('each kind has its own instance of every file it imports', () => {
    const counting = (name: string) =>
      `import { defineObject } from 'roost';\nimport { next } from './lib/count.ts';\nexport default defineObject({ state: { n: 0 }, on: { tick(self) { self.state.n = next(); } } }); // ${name}`;
    using isolate = startIsolate({
      scripts: {
        one: counting('one'),
        two: counting('two'),
        'scripts/lib/count.ts': 'let n = 0;\nexport const next = () => ++n;\n',
      },
      objects: [{ kind: 'one' }, { kind: 'two' }, { kind: 'two' }],
    });
    isolate.tick();
    expect([1, 2, 3].map((n) => isolate.state(n).n)).toEqual([1, 1, 2]);
  });
});

describe('faults', () => {
  it.each([
    ['timeout', 'for (;;);', {}],
    ['timeout', 'for (;;) try { for (;;); } finally { continue; }', {}],
    [
      'memory',
      'const keep = []; for (;;) keep.push({ a: keep.length, b: [1, 2, 3] });',
      { tickLimitMs: 20_000, memoryMb: 16 },
    ],
  ] as const)('%s: the isolate is disposed and never used again', (kind, code, limits) => {
    using isolate = startIsolate({
      scripts: { bad: script(`on: { tick() { ${code} } }`) },
      objects: [{ kind: 'bad' }],
      limits: { tickLimitMs: 100, ...limits },
    });
    expect(isolate.enter()).toMatchObject({ kind: 'fault', fault: { kind } });
    expect(isolate.enter()).toMatchObject({ kind: 'fault', fault: { kind: 'disposed' } });
    expect(isolate.sandbox.heap()).toBe(0);
  });

  it('a file that loops at its top level stops the load', () => {
    using isolate = startIsolate({ scripts: { bad: script('', 'for (;;);') }, limits: { loadLimitMs: 100 } });
    expect(isolate.loaded).toMatchObject({ kind: 'fault', fault: { kind: 'timeout' } });
  });

  it('recursion without end is an error of its handler', () => {
    expect(attempt('const f = () => f() + 1; f();').error).toContain('RangeError');
  });

  it('the words for the watchdog name object, handler and entry', () => {
    const blame = new Int32Array(new SharedArrayBuffer(16));
    using isolate = startIsolate({
      scripts: { hen: script('on: { load() {}, tick() { for (;;); } }') },
      objects: [{ kind: 'other' }, { kind: 'hen' }],
      limits: { tickLimitMs: 50 },
      blame,
    });
    isolate.enter();
    expect(isolate.load.handlers[blame[1] ?? -1]).toMatchObject({ script: 'hen', handler: 'tick' });
    expect([blame[0], blame[2]]).toEqual([1, 2]);
  });
});
