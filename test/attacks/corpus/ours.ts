/**
 * Attacks that nobody had listed: on what Roost itself does between the engine and the zone. Those marked found were
 * not known to be stopped when they were written, and were not.
 */
import { type Attack, left, runs, stopped, undone } from '../attack.ts';

const lie = "const lie = (length) => new Proxy([], { get: (t, k) => (k === 'length' ? length : t[k]) });";

export const ours: readonly Attack[] = [
  undone(
    'a list shorter than nothing, which gives back what was spent',
    'ours, found',
    `${lie} self.state.bag = { list: [lie(-1e9), 'x'.repeat(900_000)] };`,
    'RangeError: state.bag is too big',
  ),
  undone(
    'the same in a message',
    'ours, found',
    `${lie} self.send(self, 'hi', [lie(-1e9), 'x'.repeat(900_000)]);`,
    'RangeError: data is too big',
  ),
  undone(
    'a length that is another number each time',
    'ours, found',
    `${lie} let n = 0; self.state.bag = { list: lie({ valueOf: () => (n++ === 0 ? 1 : -1e9) }) };`,
    'RangeError: state.bag is too big',
  ),
  undone(
    'lengths that are no numbers',
    'ours',
    `${lie} self.state.bag = { list: [lie(NaN)] };`,
    'RangeError: state.bag is too big',
  ),
  {
    ...left(
      'handlers that are others when they are read again',
      'ours, found',
      {
        top: 'let n = 0;',
        more: "get on() { return n++ > 0 ? { ['x'.repeat(300) + '\\0']() {} } : { tick() {} }; }, get before() { return n++ > 2 ? { [Symbol.iterator]() {}, __proto__: null, y() {} } : {}; },",
      },
      '',
    ),
    ends: { kind: 'runs', finds: '' },
  },
  undone(
    'a stack that names somebody else’s file',
    'ours, found',
    "throw Object.assign(new Error('mine'), { stack: 'Error\\n at x (script-1:3:1)\\n at y (script-0:1:1)' });",
    'Error: mine',
  ),
  undone(
    'a message that names somebody else’s file',
    'ours, found',
    "throw new Error('script-1:3:1');",
    'Error: script-1:3:1',
  ),
  undone(
    'control characters, each six bytes in a frame',
    'ours, found',
    "self.state.bag = { text: '\\u0001'.repeat(16_000) };",
    'RangeError: state.bag is too big',
  ),
  undone(
    'numbers that are long to write',
    'ours, found',
    'self.state.bag = { list: Array(1_600).fill(-1.2345678901234567e-300) };',
    'RangeError: state.bag is too big',
  ),
  undone(
    'quotation marks, each two bytes in a frame',
    'ours, found',
    "self.state.bag = { text: '\"'.repeat(16_000) };",
    'RangeError: state.bag is too big',
  ),
  runs(
    'every verb at the end of the stack',
    'ours',
    `const verbs = [() => self.create('pebble'), () => self.take('pebble'), () => self.give('pebble'), () => self.say('x'), () => self.words.add('w'), () => self.words.remove('w'), () => self.drop('pebble'), () => { self.state.bag = { a: [1] }; }, () => self.after(5, 'bang'), () => self.cancel('bang'), () => { self.body.solid = false; }, () => self.teleport(5, 5), () => world.spawn('pebble', { at: self }).id];
     for (const verb of verbs) { let tries = 0; const deep = () => { try { deep(); } catch (e) { if (tries++ < 3_000) { try { verb(); tries = 3_000; } catch {} throw e; } } }; errorOf(deep); }
     return [self.state.bag.a?.length, self.contents().length === world.find('pebble').filter((one) => one.holder).length].join();`,
    '1,true',
    { more: 'timers: { bang() {} },' },
  ),
  undone(
    'state left in the midst of being written, for the next script of the object',
    'ours, found',
    `let tries = 0; const write = () => { self.state.bag = { late: () => 1 }; };
     const deep = () => { try { deep(); } catch (e) { if (tries++ < 3_000) { try { write(); tries = 3_000; } catch {} throw e; } } }; errorOf(deep);`,
    'TypeError: state.bag is a function',
  ),
  runs(
    'a definition stamped on all builtins with a private field',
    'ours',
    `class Out { constructor(o) { return o; } } class Stamp extends Out { #x = {}; static of(o) { return #x in o ? o.#x : null; } }
     const all = new Set(); const open = [Object, Array, Map, Set, JSON, Math, Reflect, String, Number, RegExp, world, self];
     for (let at = open.pop(); at; at = open.pop()) { if (all.has(at)) continue; all.add(at); for (const key of Reflect.ownKeys(at)) { const { value } = Reflect.getOwnPropertyDescriptor(at, key); if ((typeof value === 'object' && value) || typeof value === 'function') open.push(value); } }
     for (const at of all) try { new Stamp(at); } catch {}
     return [1, 2, 3].map((x) => x * 2).join('') + JSON.stringify({ a: [1] });`,
    '246{"a":[1]}',
  ),
  runs(
    'a search whose condition changes what is searched',
    'ours',
    `let n = 0; const where = { kind: 'neighbour', state: new Proxy({ n: 1 }, { ownKeys: (t) => { if (n++ < 1) { world.spawn('pebble', { at: self }); self.teleport(50 + n, 50); } return Reflect.ownKeys(t); } }) };
     const inner = { state: { sum: new Proxy([], { ownKeys: () => { self.teleport(10, 10); return ['length']; } }) } };
     world.find(where); self.around(50, where); self.around(50, inner); world.find(inner); self.contents(where); return self.x > 5;`,
    'true',
  ),
  runs(
    'a spawn whose options end who spawns',
    'ours',
    "const made = world.spawn('pebble', { get at() { self.state.found = 'x'; return { get x() { self.words.add('seen'); return 5; }, y: 5 }; }, get ignore() { return new Proxy([], { get: (t, k) => (k === 'length' ? 1e9 : self) }); }, get state() { return {}; } }); return made.kind + self.is('seen');",
    'pebbletrue',
  ),
  stopped(
    'state whose getter reads more state, without end',
    'ours',
    'const more = () => ({ get a() { self.state.bag = more(); self.memory; return 1; } }); self.state.bag = more();',
  ),
  undone(
    'a field that throws when the handler is over',
    'ours',
    "self.state.bag = { get late() { self.say('late'); throw new Error('late'); } };",
    'Error: late',
  ),
  runs(
    'who is asked writes into the draft of who asks',
    'ours, found',
    "const { bag } = world.state; bag.mine = 1; world.find('asked')[0].push(1, 0); return JSON.stringify(world.state.bag);",
    '{"a":1,"mine":1}',
  ),
  runs(
    'who is asked, asks back',
    'ours',
    "return world.find('asks-back').map((one) => one.push(1, 0)).join();",
    'false',
  ),
  runs(
    'symbols that are never forgotten',
    'ours',
    "for (let i = 0; i < 2e4; i++) Symbol.for('k' + world.tick + i); return Symbol.for('k').description;",
    'k',
  ),
  runs(
    'a letterbox between kinds: everything that both can name',
    'ours',
    "const shared = [Symbol.for('box'), names.distance, names.list, world, world.settings, world.find, Object.getPrototypeOf(self), Object.getPrototypeOf(self.state)]; return shared.map((at) => { try { at.stain = 1; return at.stain === 1; } catch { return false; } }).filter(Boolean).length;",
    '0',
  ),
  runs(
    'a cost of less than nothing',
    'ours',
    "for (let i = 0; i < 100; i++) { const o = {}; Object.defineProperty(o, 'ms', { get: () => -1e9 }); self.state.bag = { ms: -1e9, calls: -5 }; } return '';",
  ),
  runs(
    'a number that is and is not zero',
    'ours',
    'self.state.bag = { zero: -0, big: 1e308, small: 5e-324 }; self.angle = -0; self.velocity(-0, 0); return Object.is(self.state.bag.zero, -0);',
    'true',
  ),
  undone('a place that is too far to be one', 'ours', 'self.teleport(1e300, 0);', 'RangeError'),
  undone('a place that is a number by conversion', 'ours', 'self.teleport({ valueOf: () => 5 }, [5]);', 'RangeError'),
  undone(
    'a list of lines that is a proxy',
    'ours',
    `${lie} self.sayOneOf(lie(2 ** 32));`,
    'RangeError: lines is too big',
  ),
  undone('dice without end', 'ours', "world.roll('1d6 '.repeat(20) + '9999d9999');", 'RangeError'),
  undone('a name of 1e6 letters', 'ours', "self.send(self, 'x'.repeat(1e6), 1);", 'TypeError: a message is a name'),
  runs('a name of 1e6 letters, shown', 'ours', "self.name = '\\u0301'.repeat(1e6); return self.name.length;", '64'),
  undone(
    'words without end',
    'ours',
    "for (let i = 0; ; i++) self.words.add('w' + i);",
    'RangeError: an object has at most 32 words',
  ),
  undone(
    'a word of the engine’s',
    'ours',
    "self.words.add('suspended');",
    'TypeError: the word suspended is the engine',
  ),
  undone(
    'marks without end',
    'ours',
    "for (let i = 0; ; i++) self.once(world.players()[0], 'ever', 'm' + i);",
    'RangeError: an object keeps at most 400 marks',
    {},
  ),
  undone(
    'an end that nobody asked for',
    'ours',
    "world.find('farmer')[0].into(self); self.take('farmer'); throw new Error(String(world.count('farmer')));",
    'Error: 1',
  ),
];
