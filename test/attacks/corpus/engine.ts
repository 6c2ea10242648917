/**
 * Code that runs in the midst of what the engine does: the shapes of V8's memory and correctness faults, without the
 * optimising compiler that most of them needed. None may do more than throw.
 */
import { type Attack, deadly, runs, stopped, undone } from '../attack.ts';

export const engine: readonly Attack[] = [
  // Lists that change while they are worked on.
  runs(
    'a comparison that empties the list',
    'V8 sort; CVE-2018-6061 class',
    'const a = [5, 4, 3, 2, 1]; a.sort((x, y) => { a.length = 0; return x - y; }); return a.length + a.join("");',
    '512345',
  ),
  runs(
    'a comparison that says anything',
    'V8 sort',
    'let n = 0; const a = Array.from({ length: 500 }, (_, i) => i); a.sort(() => [1, -1, NaN, Infinity, undefined, {}][n++ % 6]); return new Set(a).size;',
    '500',
  ),
  runs(
    'a comparison that throws in the middle',
    'V8 sort',
    'const a = [3, 2, 1]; let n = 0; return errorOf(() => a.sort(() => { if (n++) throw new Error("no"); return 1; })).message + a.length;',
    'no3',
  ),
  runs(
    'texts made while texts are compared',
    'V8 sort',
    'const a = [1, 2, 3].map((n) => ({ toString() { a.push("x"); return String(9 - n); } })); a.sort(); return a.length > 3;',
    'true',
  ),
  runs(
    'a shorter list by valueOf',
    'CVE-2016-4622 class',
    'const a = []; for (let i = 0; i < 100; i++) a.push(i + 0.123); const b = a.slice(0, { valueOf() { a.length = 1; return 10; } }); return [b.length, b.filter((x) => x !== undefined).length].join();',
    '10,1',
  ),
  runs(
    'the same of every method that takes a place',
    'CVE-2016-4622 class',
    `const got = [];
     for (const name of ['slice', 'splice', 'fill', 'copyWithin', 'indexOf', 'lastIndexOf', 'includes', 'at', 'with', 'toSpliced', 'flat']) {
       const a = Array.from({ length: 64 }, (_, i) => i + 0.5); const cut = { valueOf() { a.length = 2; return 5; } };
       try { const out = a[name](...(['indexOf', 'lastIndexOf', 'includes'].includes(name) ? [7.5, cut] : name === 'fill' ? [1, 0, cut] : [cut, cut, cut])); got.push(typeof out); } catch (e) { got.push(e.name); }
     }
     return got.every((one) => /object|number|boolean|undefined|RangeError/.test(one));`,
    'true',
  ),
  runs(
    'a list with a species of its own',
    'CVE-2018-6065 class',
    'class Mine extends Array { static get [Symbol.species]() { return function (n) { return new Proxy([], {}); }; } } const m = Mine.from([1, 2, 3]); return [m.map((x) => x).length, m.filter(Boolean).length, m.concat([4]).length, loot(m.slice())].join();',
    '3,3,4,',
  ),
  runs(
    'a species that gives a frozen list',
    'V8 species',
    'class Mine extends Array { static get [Symbol.species]() { return function () { return Object.freeze([]); }; } } return errorOf(() => Mine.from([1]).map((x) => x)).name;',
    'TypeError',
  ),
  runs(
    'a list that says it is longer than it is',
    'CVE-2017-5030 class',
    "const p = new Proxy([1, 2], { get: (t, k) => (k === 'length' ? 100 : k === Symbol.isConcatSpreadable ? true : t[k]) }); return [].concat(p).length;",
    '100',
  ),
  runs(
    'lists in the shape of maps',
    'CVE-2023-3079 class',
    'const a = [1.1, 2.2]; a[1e6] = 1; a.length = 3; a.push({}); delete a[0]; a.unshift(0.5); Object.defineProperty(a, 1, { get() { a.length = 0; return 7; }, configurable: true }); return String(a.concat([1]).length) + a.length;',
    '60',
  ),
  runs(
    'holes and what is inherited in their place',
    'V8 holes',
    'class Mine extends Array { get 1() { return "own"; } } const m = new Mine(3); m[0] = 1; return [m[1], m.indexOf("own"), m.includes("own"), [...m].join("")].join();',
    'own,1,true,1own',
  ),
  runs(
    'a length that is read twice',
    'V8 Array.length',
    'let n = 0; const a = [1, 2, 3]; const odd = { valueOf() { n++; a.push(1); return 2; } }; a.length = odd; return [n, a.length].join();',
    '2,2',
  ),
  runs(
    'what remains of a name that has no value yet',
    'CVE-2025-6554',
    'function leak() { let x; delete x?.[y?.a]; return y; let y; } return errorOf(leak).name;',
    'ReferenceError',
  ),
  runs(
    'the same in a switch and a default',
    'CVE-2021-30551 class',
    'return [() => { switch (1) { case 0: let z; case 1: return z; } }, () => ((a = b, b) => a)(), () => { class C extends (() => C)() {} }].map((f) => errorOf(f).name).join();',
    'ReferenceError,ReferenceError,ReferenceError',
  ),
  runs(
    'a function whose prototype changes while it is made',
    'CVE-2020-6418 class',
    'const proxy = new Proxy(function () {}, { get(t, k) { if (k === "prototype") a.length = 0; return t[k]; } }); const a = [1.1, 2.2, 3.3]; for (let i = 0; i < 2000; i++) Reflect.construct(Array, [1, 2], proxy); return a.length + loot(Reflect.construct(Error, ["x"], proxy));',
    '0',
  ),
  runs(
    'objects made of objects that change, often',
    'CVE-2018-17463 class',
    'let n = 0; for (let i = 0; i < 20000; i++) { const o = { a: 1, b: 2 }; o.a; Object.create(o); n += o.b; } return n;',
    '40000',
  ),
  runs(
    'arguments that are more than were given',
    'CVE-2019-5782 class',
    'const f = function () { return arguments.length >> 16; }; let n = 0; for (let i = 0; i < 2000; i++) n += f(...Array(i % 50)); return n + f(...Array(60000));',
    '0',
  ),
  runs(
    'elements of another kind in the midst of a loop',
    'CVE-2017-5070 class',
    'const a = [1, 2, 3]; const out = []; a.forEach((x, i) => { if (i === 0) { a[1] = {}; a[2] = 1.5; a.length = 2 ** 20; } out.push(typeof x); }); return out.join();',
    'number,object,number',
  ),
  runs(
    'map and reduce over what shrinks and grows',
    'V8 iteration',
    'const a = [1, 2, 3, 4]; return [a.map((x) => { a.length = 1; return x; }).length, [1, 2].reduce((s, x, i, l) => { l.push(9); return s + x; }, 0), [1, 2, 3].findLast((x, i, l) => { l.length = 0; return x === undefined; })].join();',
    '4,3,',
  ),
  runs(
    'an iterator that goes on behind the end',
    'V8 ArrayIterator',
    'const a = [1]; const it = a.values(); it.next(); const end = it.next().done; a.push(2); return [end, it.next().done].join();',
    'true,true',
  ),
  // Maps and sets.
  runs(
    'a map that is emptied while it is walked',
    'V8 OrderedHashTable; CVE-2021-38003 class',
    'const m = new Map([[1, 1], [2, 2]]); let n = 0; for (const [k] of m) { m.clear(); if (n++ < 100) m.set(k + n, 1); } m.delete(1); return [n, m.size].join();',
    '101,0',
  ),
  runs(
    'a set that is emptied while it is asked',
    'V8 set methods',
    `const got = []; for (const name of ['union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom']) { const s = new Set([1, 2, 3]); const other = { size: 2, has(x) { s.clear(); s.add({}); return false; }, *keys() { s.clear(); yield 1; s.add(2); yield s; } }; const out = s[name](other); got.push(out instanceof Set ? out.size < 9 : typeof out === 'boolean'); } return got.every(Boolean);`,
    'true',
  ),
  runs(
    'sizes that are no numbers',
    'V8 set methods',
    'return [NaN, -1, {}, "x"].map((size) => errorOf(() => new Set([1]).union({ size, has() {}, keys() {} })).name).join();',
    'TypeError,RangeError,TypeError,TypeError',
  ),
  runs(
    'groups by what changes the list',
    'V8 groupBy',
    "const a = [1, 2, 3]; const g = Object.groupBy(a, (x) => { a.length = 0; return '__proto__'; }); return [Object.getPrototypeOf(g) === null, Object.keys(g).join(), Map.groupBy([1], () => NaN).size].join();",
    'true,__proto__,1',
  ),
  runs(
    'weak keys that are proxies of themselves',
    'V8 WeakMap',
    'const w = new WeakMap(); const k = new Proxy({}, {}); w.set(k, w); w.set(w, k); return [w.get(w.get(w)) === w, errorOf(() => w.set(Symbol.for("x"), 1)).name].join();',
    'true,TypeError',
  ),
  runs(
    'a chain of weak keys',
    'V8 ephemerons',
    'const w = new WeakMap(); let k = {}; const first = k; for (let i = 0; i < 2e4; i++) { const next = {}; w.set(k, next); k = next; } let n = 0; for (let at = first; at; at = w.get(at)) n++; return n;',
    '20001',
  ),
  // Texts and expressions.
  runs(
    'an expression that is used while it is used',
    'V8 RegExp lastIndex',
    'const re = /a/g; let n = 0; const out = "aaaa".replace(re, () => { re.lastIndex = 0; if (n++ < 3) "bab".replace(re, ""); return "x"; }); return [out, n, re.lastIndex].join();',
    'xxxx,4,0',
  ),
  runs(
    'a place that moves when it is read',
    'V8 RegExp lastIndex',
    'const re = /a/y; let n = 0; re.lastIndex = { valueOf() { n++; re.compile?.("b"); return 1; } }; return [re.test("ba"), n, typeof re.compile].join();',
    'true,1,undefined',
  ),
  runs(
    'exec of our own',
    'V8 RegExp exec',
    'class Mine extends RegExp { exec() { return { index: -5, 0: "xx", length: 1, groups: undefined }; } } return ["abc".replace(new Mine("a"), "-"), errorOf(() => "abc".replace(new (class extends RegExp { exec() { return 5; } })("a"), "")).name].join();',
    '-c,TypeError',
  ),
  runs(
    'results that are proxies',
    'V8 RegExp exec',
    'const got = []; class Mine extends RegExp { exec() { return new Proxy(["a"], { get(t, k) { got.push(String(k)); return t[k]; } }); } } "abc".replace(new Mine("a"), "x"); return loot(...got) + got.includes("length");',
    'true',
  ),
  runs(
    'groups called __proto__',
    'V8 named groups',
    "const { groups } = /(?<__proto__>a)(?<constructor>b)/.exec('ab'); return [Object.getPrototypeOf(groups) === null, Object.keys(groups).join()].join();",
    'true,__proto__,constructor',
  ),
  runs(
    'what expressions remember of others',
    'RegExp.$1',
    "'secret'.match(/(se)(cret)/); return Object.getOwnPropertyNames(RegExp).filter((key) => !['length', 'name', 'prototype', 'escape'].includes(key)).join();",
  ),
  stopped('backtracking', 'CWE-1333', 'for (;;) /^(a+)+$/.test("a".repeat(40) + "b");'),
  stopped('backtracking by a reference', 'CWE-1333', 'for (;;) /^(?:(a+)\\1?)+$/.test("a".repeat(60) + "b");'),
  stopped(
    'backtracking behind',
    'CWE-1333',
    'for (;;) /(?<=^(?:a|a|b)+)c/.test("a".repeat(60) + "b".repeat(30) + "c");',
  ),
  stopped('backtracking through a split', 'CWE-1333', 'for (;;) ("a".repeat(35) + "!").split(/(?:a|aa)+$/);'),
  runs(
    'an expression that is too large',
    'V8 RegExp compiler',
    'return [() => new RegExp("(?:".repeat(1e5)), () => new RegExp("(?:a{0,1000}){0,1000}b".repeat(40)).test("a"), () => new RegExp("a{99999999999}").test("a")].map((f) => { try { return typeof f(); } catch (e) { return e.name; } }).join();',
    'SyntaxError,boolean,boolean',
  ),
  undone(
    'a text of all that fits, twice',
    'CVE-2019-5790 class',
    "let s = 'x'; for (;;) s = s.concat(s);",
    'RangeError: Invalid string length',
  ),
  runs(
    'texts that lean on texts that lean on texts',
    'V8 cons strings',
    "let s = ''; for (let i = 0; i < 20000; i++) s = 'a' + s + 'b'; return s.indexOf('ab') + s.slice(19990, 20010).length;",
    '20019',
  ),
  runs(
    'String.raw of what is no template',
    'V8 String.raw',
    'const got = []; String.raw({ raw: new Proxy({ length: 2 }, { get(t, k) { got.push(k); return k === "length" ? 2 : "x"; } }) }, 1); return got.length;',
    '3',
  ),
  // JSON.
  runs(
    'a reviver that changes what it walks',
    'V8 JSON.parse',
    `const out = JSON.parse('[1,[2,3],{"a":4}]', function (k, v) { if (k === '0' && Array.isArray(this)) { this[1] = { b: 1 }; this.length = 3; } if (k === 'b') delete this.b; return v; }); return JSON.stringify(out);`,
    '[1,{"b":1},{"a":4}]',
  ),
  undone(
    'a reviver that goes deeper',
    'V8 JSON.parse',
    "JSON.parse('[1]', function (k, v) { if (k === '0') this[1] = [1]; return v; }); const deep = () => JSON.parse('[1,2]', function (k, v) { if (k !== '') this[1] = [1, 2]; return v; }); deep(); throw new Error('it ended');",
    'RangeError',
  ),
  runs(
    'toJSON that gives something else each time',
    'V8 JSON.stringify',
    'let n = 0; const o = { toJSON() { return n++ ? undefined : { a: o }; } }; return JSON.stringify([o, { toJSON: () => () => 1 }]);',
    '[{},null]',
  ),
  runs(
    'a proxy of keys without end',
    'V8 JSON.stringify',
    'let n = 0; const p = new Proxy({}, { ownKeys: () => ["a", "b"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }), get: () => n++ }); return JSON.stringify(p);',
    '{"a":1,"b":2}',
  ),
  runs(
    'raw JSON',
    'V8 JSON.rawJSON',
    "if (!JSON.rawJSON) return 'none'; const raw = JSON.rawJSON('\"x\"'); self.state.bag = { raw }; return JSON.stringify(self.state.bag) + errorOf(() => JSON.rawJSON('{\"verb\":1}')).name;",
    '{"raw":"x"}SyntaxError',
  ),
  undone(
    'lists in lists, 1e6 deep',
    'V8 JSON.parse',
    'JSON.stringify(JSON.parse("[".repeat(5e5) + "]".repeat(5e5)));',
    'RangeError',
  ),
  // Proxies and conversions.
  runs(
    'traps that lie',
    'ECMA-262 10.5',
    `const fixed = Object.freeze({ a: 1 }); const lies = [[fixed, { get: () => 2 }, (p) => p.a], [fixed, { has: () => false }, (p) => 'a' in p], [fixed, { ownKeys: () => [] }, (p) => Object.keys(p)], [fixed, { getPrototypeOf: () => null }, (p) => Object.getPrototypeOf(p)], [fixed, { isExtensible: () => true }, (p) => Object.isExtensible(p)], [fixed, { getOwnPropertyDescriptor: () => undefined }, (p) => Object.getOwnPropertyDescriptor(p, 'a')], [fixed, { deleteProperty: () => true }, (p) => delete p.a], [function () {}, { construct: () => 1 }, (p) => new p()]];
     return lies.map(([target, trap, use]) => errorOf(() => use(new Proxy(target, trap))).name).filter((name) => name !== 'TypeError').length;`,
    '0',
  ),
  undone(
    'a proxy of a proxy, 1e5 deep',
    'V8 proxies',
    'let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); Object.keys(p); p.x;',
    'RangeError',
  ),
  deadly(
    'a chain of prototypes, 1e5 long, with a proxy',
    'V8 prototypes',
    'let p = new Proxy({}, { get(t, k, r) { return Reflect.get(r, k); } }); for (let i = 0; i < 1e5; i++) p = Object.create(p); p.x;',
  ),
  undone(
    'a conversion that converts itself',
    'V8 ToPrimitive',
    'const o = { [Symbol.toPrimitive]() { return o + 1; } }; o + 1;',
    'RangeError',
  ),
  undone(
    'an instance of itself',
    'V8 instanceof',
    'class C { static [Symbol.hasInstance](x) { return x instanceof C; } } ({}) instanceof C;',
    'RangeError',
  ),
  runs(
    'a bound function of a bound function',
    'V8 bind',
    'let f = () => 1; for (let i = 0; i < 1e5; i++) f = f.bind(null, i); return f();',
    '1',
  ),
  undone('a list in itself, flat', 'V8 flat', 'const a = []; a.push(a, a); a.flat(Infinity);', 'RangeError'),
  runs('a list in itself, as a text', 'V8 join', 'const a = [1]; a.push(a, [a]); return String(a);', '1,,'),
  runs(
    'iterators that do not close',
    'ECMA-262 7.4',
    `let closed = 0; const it = () => ({ [Symbol.iterator]() { return this; }, next: () => ({ value: 1, done: false }), return() { closed++; throw new Error('close'); } }); for (const run of [() => { for (const _ of it()) break; }, () => { const [a] = it(); }, () => new Map(it()), () => Iterator.from(it()).take(1).toArray(), () => Iterator.from(it()).some(Boolean)]) errorOf(run); return closed;`,
    '5',
  ),
  runs(
    'helpers of iterators in each other',
    'V8 iterator helpers',
    'const it = Iterator.from({ next() { return inner.next(); } }); const inner = it.map((x) => x); return errorOf(() => inner.next()).name;',
    'TypeError',
  ),
  runs(
    'generators that call themselves',
    'V8 generators',
    'const g = (function* () { yield g.next(); })(); return errorOf(() => g.next()).name;',
    'TypeError',
  ),
  runs(
    'a generator that is never done',
    'V8 generators',
    'let n = 0; const g = (function* () { for (;;) try { yield n++; } finally { if (n < 50) continue; } })(); g.next(); for (let i = 0; i < 60; i++) g.return(1); return n;',
    '50',
  ),
  runs(
    'a class that returns another object',
    'V8 private fields',
    'class Out { constructor(o) { return o; } } class Stamp extends Out { #x = 1; static has(o) { return #x in o; } } for (const o of [self, world, Object.prototype, [], () => {}]) try { new Stamp(o); } catch {} return loot(self) + self.kind;',
    'attacker',
  ),
  stopped(
    'a map that grows as it is walked',
    'V8 OrderedHashTable',
    'const m = new Set([0]); for (const x of m) { m.delete(x); m.add(x + 1); }',
  ),
  stopped(
    'a list that grows as it is walked',
    'V8 iteration',
    'const a = [1]; let i = 0; for (const x of a) { a.push(x); if (i++ > 1000) { a.length = 1; i = 0; for (;;); } }',
  ),
  // What no limit of the engine looks at; test/script/escapes.test.ts has those that were known before.
  deadly(
    'the values of a list without end, dropped',
    'ours',
    'Array.prototype.values.call({ length: 2 ** 53 - 1 }).drop(2 ** 52).next();',
  ),
  deadly(
    'builtins called by a builtin, without end',
    'ours',
    'Array.prototype.keys.call({ length: 2 ** 53 - 1 }).some(Number.isNaN);',
  ),
  deadly(
    'a list of arguments that is none',
    'escapes.md M3, past its guard',
    'Reflect.apply(Math.max, null, { length: 1e8 });',
  ),
  deadly('the same for a constructor', 'escapes.md M3, past its guard', 'Reflect.construct(Array, { length: 1e8 });'),
  deadly(
    'keys of a proxy without end',
    'ours',
    'Reflect.ownKeys(new Proxy({}, { ownKeys: () => ({ length: 2 ** 32 - 1 }) }));',
  ),
  deadly(
    'more captures than there are letters',
    'ours',
    'class Mine extends RegExp { exec() { return { index: 0, length: 2 ** 32 - 1 }; } } "abc".replace(new Mine("a"), "x");',
  ),
  deadly('a template without end', 'ours', 'String.raw({ raw: { length: 2 ** 53 - 1 } });'),
  deadly(
    'a map of pairs without end',
    'ours',
    'const pair = [1, 2]; let n = 0; new Map({ [Symbol.iterator]: () => ({ next: () => ({ value: [n++, pair], done: false }) }) });',
  ),
  deadly(
    'an iterator without end, as a list',
    'ours',
    'Iterator.from({ next: () => ({ value: 1, done: false }) }).toArray();',
  ),
  deadly(
    'a list with everything in it, joined',
    'escapes.md M18, past its guard',
    'Array(5e5).join("x".repeat(1e3)).charCodeAt(5);',
  ),
  deadly(
    'a text with everything in it, replaced',
    'escapes.md M15, past its guard',
    'const s = "x".repeat(1e6).replace(/x/g, "y".repeat(500)); s.charCodeAt(7);',
  ),
  deadly('the same as JSON', 'ours', 'JSON.stringify(Array(1e6).fill("x".repeat(500)));'),
  deadly(
    'what was thrown when a text grew too long',
    'CVE-2021-38003',
    "const s = '\"'.repeat(1e6); const a = Array(400).fill(s); const b = Array(9).fill(a); try { JSON.stringify(b); } catch (hole) { new Map([[hole, 1]]).delete(hole); }",
  ),
  deadly(
    'keys of letters without end',
    'escapes.md M8',
    "let s = 'x'; for (let i = 0; i < 26; i++) s += s; Object.assign({}, s);",
  ),
];
