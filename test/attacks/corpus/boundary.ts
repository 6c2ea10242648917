/**
 * What a script leaves behind to be looked at later, by code that is not its own: values that are others when they are read,
 * that run while they are copied, or that are far more than they seem. Nobody had told of these.
 */
import { type Attack, deadly, left, runs, undone } from '../attack.ts';

/** A million places, and nothing in them. */
const hollow = 'Object.assign([], { length: 1e6 })';

export const boundary: readonly Attack[] = [
  // Numbers and texts that are objects.
  undone(
    'a number that makes itself when it is asked for',
    'ours',
    'self.velocity({ [Symbol.toPrimitive]: () => 5 }, 0);',
    'RangeError: velocity x is a number',
  ),
  undone('a number in a box', 'ours', 'self.walkTo(Object(5));', 'RangeError: x is a number'),
  undone('a text in a box', 'ours', 'self.say(Object("x"));', 'TypeError: what is said is a text'),
  undone(
    'a place whose x is another each time',
    'ours',
    'let n = 0; self.walkTo({ get x() { return n++ === 0 ? 5 : NaN; }, get y() { return NaN; } });',
    'RangeError: y is a number',
  ),
  runs(
    'a field that is another each time is read once in a tick',
    'ours',
    'const before = JSON.stringify(self.state.bag); self.state.bag = { get n() { return ++n; } }; return before;',
    '{"n":2}',
    { top: 'let n = 0;' },
  ),
  runs(
    'JSON that says what it is when it is written',
    'ECMA-262 2025 JSON.rawJSON',
    "const before = JSON.stringify(self.state.bag); self.state.bag = { n: JSON.rawJSON('1e999') }; return before;",
    '{"n":{"rawJSON":"1e999"}}',
  ),
  // Far more than it seems.
  undone('a million holes', 'ours', `self.state.bag = { list: ${hollow} };`, 'RangeError: state.bag is too big'),
  undone('a million holes, in a message', 'ours', `self.send(self, 'hi', ${hollow});`, 'RangeError: data is too big'),
  undone('a million holes, of which one is said', 'ours', `self.sayOneOf(${hollow});`, 'RangeError: lines is too big'),
  undone(
    'a hundred thousand keys',
    'ours',
    'self.state.bag = Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [i, 0]));',
    'RangeError: state.bag is too big',
  ),
  undone(
    'a key of a million letters',
    'ours',
    "self.state.bag = { ['x'.repeat(1e6)]: 1 };",
    'RangeError: state.bag is too big',
  ),
  undone(
    'itself, in itself',
    'ours',
    'const o = {}; o.o = o; self.state.bag = o;',
    'RangeError: state.bag is nested deeper than 16',
  ),
  undone(
    'the same list so often that it is a million, each in each',
    'CWE-776',
    'let list = [0]; for (let i = 0; i < 14; i++) list = Array(10).fill(list); self.state.bag = { list };',
    'RangeError: state.bag is too big',
  ),
  undone(
    'a name of a million letters for whoever throws',
    'ours',
    "const f = () => { throw new Error('long'); }; Object.defineProperty(f, 'name', { value: 'x'.repeat(1e6) }); f();",
    'Error: long',
  ),
  undone(
    'a message that is a rope of texts',
    'V8 cons strings',
    "let s = 'x'; for (let i = 0; i < 20; i++) s += s; throw new Error(s);",
    'Error: xxx',
  ),
  // What runs while it is copied.
  undone(
    'a thing that wants to be awaited',
    'GHSA-248r-7h7q-cr24 class',
    "world.emit('x', { then(done) { done(self); } });",
    'TypeError: data is a function',
  ),
  runs(
    'a memory that is written while it is kept',
    'ours',
    'const m = self.memory(world.players()[0]); const before = JSON.stringify(m); m.a = { get x() { m.b = 1; self.memory(world.players()[0]).c = 2; return 1; } }; return before;',
    '{"a":{"x":1}}',
  ),
  runs(
    'keys that nobody counts',
    'ours',
    "const before = JSON.stringify(self.state.bag); self.state.bag = Object.defineProperty({ [Symbol('x')]: () => 1, a: 1 }, 'hidden', { value: () => 1 }); return before;",
    '{"a":1}',
  ),
  // Names that lead elsewhere.
  runs(
    'names of what every object has, for what is looked up by name',
    'CWE-1321',
    "return [world.area('__proto__'), world.get('constructor'), world.get({ toString: () => self.id }), world.count('__proto__'), world.find('constructor').length, self.has('constructor'), self.contents({ state: { __proto__: null, constructor: 1 } }).length].join();",
    ',,,0,0,false,0',
  ),
  undone(
    'a spawn with a prototype among its fields',
    'CWE-1321',
    'world.spawn(\'neighbour\', { at: self, state: JSON.parse(\'{"__proto__":{"n":9}}\') });',
    'TypeError: state has a key called __proto__',
  ),
  runs(
    'a kind called constructor',
    'CWE-1321',
    "const made = world.spawn('constructor', { at: self }); return made.kind + loot(made);",
    'constructor',
  ),
  // Handles in other hands.
  undone(
    'a getter of self for a proxy of self',
    'ours',
    "Reflect.get(Object.getPrototypeOf(Object.getPrototypeOf(self)), 'x', new Proxy(self, {}));",
    'TypeError: that is no object of the world',
  ),
  undone(
    'a verb of self by way of super',
    'ours',
    "({ __proto__: self, f() { super.say('x'); } }).f();",
    'TypeError: that is no object of the world',
  ),
  runs(
    'words that were begun in an earlier tick',
    'ours',
    'const found = kept ? loot(kept, kept.next()) : ""; kept = self.words[Symbol.iterator](); return found;',
    '',
    { top: 'let kept = null;' },
  ),
  // Definitions.
  left(
    'a body that is larger than physics takes stands in nobody’s way',
    'ours, found',
    { more: "body: { shape: 'circle', radius: 900, type: 'static' }," },
    'RangeError: body.radius is a number from 0.05 to 50',
  ),
  left(
    'a body whose corners turn round',
    'ours, found',
    {
      more: "body: { shape: 'polygon', points: [{ x: 0, y: 0 }, { x: 2, y: 0 }, { x: 0.5, y: 0.5 }, { x: 0, y: 2 }] },",
    },
    'RangeError: body: the polygon is not convex',
  ),
  left('a label that ends in the middle', 'ours', { more: "methods: { m: { label: 'a\\0b', handle() {} } }," }, 'NUL'),
  left('nearness without end', 'ours', { more: 'near: { radius: 1e9 },' }, 'RangeError: near.radius'),
  left('room without end', 'ours', { more: 'contains: { max: 1e9 },' }, 'RangeError: contains.max'),
  left(
    'a definition that is another when it is read again',
    'ours',
    { top: 'let n = 0;', more: 'get methods() { return n++ === 0 ? { m: 5 } : {}; },' },
    'TypeError: methods.m is { handle',
  ),
  // What no limit of the engine looks at.
  deadly(
    'a rope of letters without end, to be said',
    'V8 cons strings',
    "let s = 'x'; for (let i = 0; i < 28; i++) s += s; for (;;) self.say(s + world.tick);",
  ),
];
