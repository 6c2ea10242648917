/** What a script may keep and send is plain data: everything else is refused in the handler that tried, by the field's name. */
import { describe, expect, it } from 'vitest';
import { script, startIsolate } from '../support/isolate.ts';

/** Runs a text in `tick` and gives the message of its error; nothing else it did may stay. */
function refused(code: string): string {
  using isolate = startIsolate({
    scripts: {
      bad: script(`state: { n: 0, x: null, bag: { deep: {} } }, own: { y: null }, secret: { z: null }, messages: { hi() {} },
        on: { tick(self, { world }) { self.state.n++; self.say('never heard'); ${code} } }`),
      neighbour: script('state: { n: 0 }, on: { tick(self) { self.state.n++; } }'),
    },
    objects: [{ kind: 'bad' }, { kind: 'neighbour' }, { kind: 'farmer', owner: 'guest:1' }],
  });
  isolate.tick();
  expect([isolate.state(1).n, isolate.state(2).n, isolate.said()]).toEqual([0, 1, []]);
  expect(isolate.reports).toMatchObject([{ what: 'throw', script: 'bad', handler: 'tick' }]);
  return isolate.reports[0]?.message ?? '';
}

const nested = (depth: number) => `(() => { let d = 1; for (let i = 0; i < ${depth}; i++) d = { d }; return d; })()`;

describe('state', () => {
  it.each([
    ['10 MB', "self.state.x = 'x'.repeat(1e6);", 'RangeError: state.x is too big: at most 16 KB'],
    [
      '10 MB in a list',
      "self.state.x = Array.from({ length: 10 }, () => 'x'.repeat(1e6));",
      'RangeError: state.x is too big: at most 16 KB',
    ],
    [
      'much in many fields',
      "self.state.x = 'x'.repeat(9000); self.state.bag = { deep: 'x'.repeat(9000) };",
      'RangeError: state is bigger than 16384 bytes',
    ],
    [
      'a list of nothing',
      'const a = []; a.length = 2 ** 32 - 1; self.state.x = a;',
      'RangeError: state.x is too big: at most 16 KB',
    ],
    ['depth 17', `self.state.x = ${nested(17)};`, 'RangeError: state.x is nested deeper than 16'],
    ['depth 10,000', `self.state.x = ${nested(10_000)};`, 'RangeError: state.x is nested deeper than 16'],
    ['a cycle', 'const a = []; a.push(a); self.state.x = a;', 'RangeError: state.x is nested deeper than 16'],
    ['a cycle made later', 'self.state.bag.deep = self.state.bag;', 'RangeError: state.bag is nested deeper than 16'],
    ['NaN', 'self.state.x = NaN;', 'TypeError: state.x is NaN: a number must be finite'],
    [
      'Infinity within',
      'self.state.bag.deep = [1, { a: -Infinity }];',
      'TypeError: state.bag is -Infinity: a number must be finite',
    ],
    ['undefined', 'self.state.x = undefined;', 'TypeError: state.x is undefined: it must be plain data'],
    ['a function', 'self.state.x = () => 1;', 'TypeError: state.x is a function: it must be plain data'],
    [
      'a function within',
      'self.state.bag.deep = { f() {} };',
      'TypeError: state.bag is a function: it must be plain data',
    ],
    ['a symbol', "self.state.x = Symbol('x');", 'TypeError: state.x is a symbol: it must be plain data'],
    ['a Map', 'self.state.x = new Map();', 'TypeError: state.x is a Map or Set: use a list or an object'],
    ['half a character', "self.state.x = 'a\\ud800';", 'TypeError: state.x holds half a character'],
    ['half a character as key', "self.state.x = { '\\udc00': 1 };", 'TypeError: state.x holds half a character'],
    ['NUL', "self.state.x = 'a\\0b';", 'TypeError: state.x holds a NUL character'],
    [
      '__proto__',
      `self.state.x = JSON.parse('{"__proto__":{"x":1}}');`,
      'TypeError: state.x has a key called __proto__',
    ],
    ['a getter that throws', "self.state.x = { get a() { throw new RangeError('mine'); } };", 'RangeError: mine'],
    [
      'a proxy that throws',
      "self.state.x = new Proxy({}, { ownKeys() { throw new RangeError('mine'); } });",
      'RangeError: mine',
    ],
    [
      'a proxy without end',
      "self.state.x = new Proxy([], { get: (_, key) => (key === 'length' ? 2 ** 53 - 1 : 1) });",
      'RangeError: state.x is too big: at most 16 KB',
    ],
    [
      'a length that is none',
      "self.state.x = [new Proxy([], { get: (_, key) => (key === 'length' ? 'many' : 1) }), 'x'.repeat(20000)];",
      'RangeError: state.x is too big: at most 16 KB',
    ],
    ['an undeclared field', 'self.state.other = 1;', 'TypeError: Cannot add property other, object is not extensible'],
    ['own', 'self.own.y = NaN;', 'TypeError: own.y is NaN: a number must be finite'],
    ['secret', "self.secret.z = 'x'.repeat(20000);", 'RangeError: secret.z is too big: at most 16 KB'],
    [
      'a memory',
      "self.memory(world.players()[0]).deep = 'x'.repeat(2000);",
      'RangeError: memory is too big: at most 1 KB',
    ],
    ['the world', 'world.state.x = 1;', 'TypeError: Cannot add property x, object is not extensible'],
  ])('%s is refused', (_, code, message) => {
    expect(refused(code)).toBe(message);
  });

  it.each([
    ['message', "self.send(self, 'hi', { a: NaN });", 'data is NaN'],
    ['effect', "self.effect('puff', { f() {} });", 'data is a function'],
    ['emit', "world.emit('puff', 'x'.repeat(5000));", 'data is too big'],
    ['spawn', "world.spawn('neighbour', { state: { n: Infinity } });", 'state is Infinity'],
    ['look', 'self.look = { shape: () => 1 };', 'look is a function'],
    ['choices', "self.ask(world.players()[0], 'q', 'text', [NaN]);", 'choices is NaN'],
    ['lines', `self.sayOneOf(${nested(20)});`, 'lines is nested deeper than 16'],
  ])('%s is refused', (_, code, message) => {
    expect(refused(code)).toContain(message);
  });

  it('toJSON is a function like any other, getters are read once, classes give their fields', () => {
    expect(refused('self.state.x = { toJSON() { return 1; } };')).toContain('state.x is a function');
    using isolate = startIsolate({
      scripts: {
        hen: script(
          `state: { x: null, reads: 0, point: null }, on: { create(self) {
             let reads = 0; self.state.x = { get a() { return ++reads; } }; self.state.point = new Point(1, 2); },
             tick(self) { self.state.reads = self.state.x.a; } }`,
          'class Point { constructor(x, y) { this.x = x; this.y = y; } get toJSON() { throw 1; } }',
        ),
      },
      objects: [{ kind: 'hen' }],
    });
    isolate.ticks(3);
    expect(isolate.state(1)).toEqual({ x: { a: 1 }, reads: 1, point: { x: 1, y: 2 } });
  });

  it('what a call answers is held to the same', () => {
    using isolate = startIsolate({
      scripts: {
        farmer: script(''),
        hen: script(
          `methods: { nan: { allow: 'view', handle: () => NaN }, big: { allow: 'view', handle: () => 'x'.repeat(5000) }, proto: { allow: 'view', handle: () => JSON.parse('{"__proto__":1}') } }`,
        ),
      },
      objects: [{ kind: 'hen' }, { kind: 'farmer', owner: 'guest:1' }],
    });
    for (const method of ['nan', 'big', 'proto'])
      expect(isolate.call(2, 1, method)).toMatchObject({ ok: false, code: 'object.failed' });
    expect(isolate.reports.map(({ message }) => message)).toEqual([
      'TypeError: the answer is NaN: a number must be finite',
      'RangeError: the answer is too big: at most 4 KB',
      'TypeError: the answer has a key called __proto__',
    ]);
    const params = JSON.parse('{"__proto__":1}');
    expect(isolate.call(2, 1, 'nan', params)).toMatchObject({ code: 'object.bad-params' });
  });
});
