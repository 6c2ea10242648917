/** What issues and advisories of isolated-vm tell of, and its own tests: what ends a process, passes a limit or leaks a handle. */
import { type Attack, deadly, nameless, runs, stopped, undone, unread } from '../attack.ts';

export const isolates: readonly Attack[] = [
  runs(
    'a handle of the library, by any name',
    'CVE-2021-21413 GHSA-mmhj-4w6j-76h7; GHSA-864f-rcv7-6rh4',
    `const words = ['ivm', 'isolate', 'Isolate', 'Context', 'Reference', 'ExternalCopy', 'Callback', 'NativeModule', 'lib', 'derefInto', 'applySync', 'evalSync', 'copyInto', '_ivm', '$0', '$1', '$2', '$3', '$4'];
     const seen = new Set(); const open = [globalThis, self, world, names, event];
     for (let at = open.pop(); at; at = open.pop()) { if (seen.has(at)) continue; seen.add(at); for (const key of Reflect.ownKeys(at)) { const its = Reflect.getOwnPropertyDescriptor(at, key); for (const v of [its.value, its.get, its.set]) if ((typeof v === 'object' && v) || typeof v === 'function') open.push(v); } }
     return [...seen].flatMap((at) => words.filter((word) => at !== Math && Object.hasOwn(at, word))).join();`,
  ),
  runs(
    'functions that are the host’s',
    'CVE-2021-21413 GHSA-mmhj-4w6j-76h7',
    'return loot(world.find, world.spawn, self.say, names.distance, Math.random);',
  ),
  undone(
    'dates, maps and lists of views, to be copied out',
    'GHSA-864f-rcv7-6rh4',
    'self.state.bag = { list: [new Map([[{}, {}]])] };',
    'TypeError: state.bag is a Map or Set',
  ),
  undone(
    'a symbol, to be copied out',
    'GHSA-864f-rcv7-6rh4',
    'self.state.bag = { a: Symbol("x") };',
    'TypeError: state.bag is a symbol',
  ),
  undone(
    'a function that is a list, to be copied out',
    'GHSA-864f-rcv7-6rh4',
    'self.state.bag = { a: Object.setPrototypeOf(() => {}, Array.prototype) };',
    'TypeError: state.bag is a function',
  ),
  runs(
    'an object that pretends to be of a builtin class',
    'GHSA-864f-rcv7-6rh4',
    "const odd = []; for (const tag of ['Date', 'Map', 'ArrayBuffer', 'Uint8Array', 'Error', 'Promise', 'RegExp']) odd.push({ [Symbol.toStringTag]: tag, byteLength: 2 ** 31, buffer: {}, a: 1 }); self.state.bag = { odd: odd.map(({ a }) => ({ a })) }; self.emitted = 1; world.emit('x', odd[0]); return Object.keys(self.state.bag.odd[0]).join();",
    'a',
  ),
  unread(
    'code made once and kept',
    'CVE-2022-39266 GHSA-2jjq-x548-rhpv',
    "import cached from './cached.data.ts';",
    'there is no file scripts/cached.data.ts',
  ),
  undone('1e9 letters, spread', 'isolated-vm #107', "[...'.'.repeat(1e9)];", 'RangeError: repeat of'),
  undone('1e9 nothings, filled', 'isolated-vm #107 #137', 'Array(1e9).fill(0);', 'RangeError: fill of'),
  nameless('whole numbers of 1e8 digits', 'isolated-vm #202', 'BigInt("1".repeat(1e6));', 'BigInt'),
  nameless('a list of whole numbers', 'vm2 #459', 'new BigInt64Array(1e9);', 'BigInt64Array'),
  unread('whole numbers in the text', 'isolated-vm #202', 'const n = 1n;', 'BigInt is not available'),
  nameless('bytes, copied into a list', 'isolated-vm #527', 'new ArrayBuffer(1e8);', 'ArrayBuffer'),
  nameless(
    'bytes that grow',
    'isolated-vm tests/resize-array-buffer',
    'new SharedArrayBuffer(1, { maxByteLength: 1e9 });',
    'SharedArrayBuffer',
  ),
  nameless('waiting for ever', 'isolated-vm README', 'Atomics.wait;', 'Atomics'),
  nameless(
    'microtasks without end',
    'isolated-vm tests/microtask-timeout; vm2 #116',
    'queueMicrotask(() => {});',
    'queueMicrotask',
  ),
  nameless('a timer of the host', 'isolated-vm #19', 'setTimeout(() => {}, 0);', 'setTimeout'),
  nameless('an isolate within', 'isolated-vm tests/isolate-in-isolate', "require('isolated-vm');", 'require'),
  nameless(
    'a clock fine enough to see what is cached',
    'isolated-vm #550; Spectre',
    'performance.now();',
    'performance',
  ),
  nameless('the same by a shared counter', 'Spectre', 'new SharedArrayBuffer(8);', 'SharedArrayBuffer'),
  nameless('the same by a date', 'Spectre', 'Date.now();', 'Date'),
  nameless('the same by the words for a date', 'Spectre', 'new Intl.DateTimeFormat();', 'Intl'),
  runs(
    'the same by the world',
    'Spectre',
    'const at = world.time; for (let i = 0; i < 1e5; i++); return world.time - at;',
    '0',
  ),
  stopped('loops without end', 'isolated-vm #169 #266; vm2 #6 #264', 'while (true) { 1 + 1; }'),
  stopped('loops that log', 'isolated-vm #169', "for (;;) self.log('test');"),
  stopped(
    'a loop that catches its end',
    'isolated-vm tests/timeout',
    'for (;;) try { for (;;); } catch { continue; } finally { continue; }',
  ),
  stopped(
    'a handler that hangs while it is called again',
    'isolated-vm tests/timeout-fn',
    'const run = () => { for (;;) [1].forEach(() => run.length); }; run();',
  ),
  undone(
    'a proxy that is given back',
    'isolated-vm tests/proxy-copy',
    'self.state.bag = new Proxy({ a: 1 }, { get() { throw new Error("mine"); } });',
    'Error: mine',
  ),
  undone(
    'a text that no memory holds',
    'isolated-vm tests/large-strings',
    "let s = 'x'; for (;;) s += s;",
    'RangeError: Invalid string length',
  ),
  deadly(
    '1e8 places, filled backwards',
    'isolated-vm #527',
    'const view = new Array(1e8); let i = view.length; while (i--) view[i] = i;',
  ),
  deadly(
    'letters without end, spread',
    'isolated-vm #107',
    "let s = '.'; for (let i = 0; i < 28; i++) s += s; [...s];",
  ),
  deadly(
    'JSON of more than there is room for',
    'isolated-vm tests/heap-limit-json-abuse',
    "let s = '\"aa\"'; for (let i = 0; i < 24; i++) s += ',' + s; JSON.parse('[' + s + ']');",
  ),
  deadly(
    'a heap that is nearly full',
    'isolated-vm #198 tests/neverending-gc',
    'const heap = []; for (;;) { let s = ""; for (let i = 0; i < 1000; i++) s += Math.random(); heap.push(s); }',
  ),
  deadly('objects without end', 'isolated-vm #460 #499', 'const store = []; for (;;) store.push({ a: store.length });'),
];
