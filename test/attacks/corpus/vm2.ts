/**
 * Every published way out of vm2 from 2019 to 2026, as far as it means something where there is no shared heap: each is
 * rewritten for what an object script can reach here. Class names are those of vm2's own catalogue of attacks.
 */
import { type Attack, left, nameless, runs, undone, unread } from '../attack.ts';

/** An error that the engine makes while it formats another one: the primitive of most of them. */
const odd = 'const odd = () => { const e = new Error(); e.name = Symbol(); return e.stack; };';
const noAsync = 'async functions are not available';
const noBuiltin = "scripts import 'roost' and files beside them";

export const vm2: readonly Attack[] = [
  // The constructor chain, and ways up the prototypes.
  runs(
    'constructors of everything that is given',
    'vm2 attack category 1',
    'return loot(self, event, world, self.state, self.own, self.secret, self.words, self.body, names, ...Object.values(names));',
  ),
  runs(
    'the error of the deepest recursion',
    'CVE-2019-10761 GHSA-wf5x-cr3r-xr77',
    'const all = []; const deep = () => { try { deep(); } catch (e) { all.push(e); throw e; } }; errorOf(deep); return loot(...all.slice(0, 50));',
  ),
  runs(
    'the error of a verb in the deepest recursion',
    'CVE-2019-10761 GHSA-wf5x-cr3r-xr77',
    'const all = []; const deep = () => { try { world.find(); deep(); } catch (e) { all.push(e); throw e; } }; errorOf(deep); return loot(...all.slice(0, 50));',
  ),
  runs(
    'up by the getter of __proto__, as far as it goes',
    'GHSA-grj5-jjm8-h35p GHSA-88hf-g992-jg85',
    `const up = ({}).__lookupGetter__('__proto__'); const all = [];
     for (let at of [self, world, self.state, self.words, names, world.find()[0], errorOf(() => self.say())]) for (; at; at = up.call(at)) all.push(at);
     return loot(...all);`,
  ),
  undone(
    'the setter of __proto__ on a builtin',
    'GHSA-v6mx-mf47-r5wg',
    "({}).__lookupSetter__('__proto__').call(Array.prototype, { evil: 1 });",
    'TypeError',
  ),
  undone(
    'the same through call of apply of call',
    'GHSA-cfcw-xp6x-25gj',
    "const set = ({}).__lookupSetter__('__proto__'); Reflect.apply(Function_call(), Function_apply(), [set, Map.prototype, [{ evil: 1 }]]); function Function_call() { return (() => {}).call; } function Function_apply() { return (() => {}).apply; }",
    'TypeError',
  ),
  undone('a property of Object.prototype', 'GHSA-vwrp-x96c-mhwq', 'Object.prototype.polluted = 1;', 'TypeError'),
  runs(
    'prototypes that no name leads to',
    'GHSA-3vgf-8m4q-q4qr GHSA-59g5-pmg6-5gr4',
    `const hidden = [[].values(), new Map().keys(), new Set().values(), ''[Symbol.iterator](), 'a'.matchAll(/a/g), [].values().map(Boolean), Iterator.from({ next() {} })];
     return hidden.flatMap((one) => { const out = []; for (let at = Object.getPrototypeOf(one); at; at = Object.getPrototypeOf(at)) out.push(Reflect.defineProperty(at, 'next', { value: 1 }), Reflect.defineProperty(at, 'stain', { value: 1 })); return out; }).filter(Boolean).length;`,
    '0',
  ),
  undone(
    'properties of Object.prototype that descriptors are read by',
    'vm2 attack categories 2 and 11',
    "Object.defineProperty(Object.prototype, 'get', { get() { throw (f) => f.constructor('return process')(); } });",
    'TypeError',
  ),
  undone(
    'traps of proxies from Object.prototype',
    'vm2 attack category 14',
    'Object.prototype.has = (t, k) => t.constructor; "x" in self;',
    'TypeError',
  ),
  undone(
    'all that calls go through, replaced at once',
    'vm2 attack category 11',
    'const d = { value: null }; Object.defineProperties(Object.prototype, { __proto__: { value: null }, get: d, set: d, apply: d, call: d });',
    'TypeError',
  ),
  undone(
    'Function.prototype.call',
    'vm2 attack category 11',
    '(() => {}).__proto__.call = function () {};',
    'TypeError',
  ),
  undone('Object.create', 'vm2 attack category 10', 'Object.create = () => ({});', 'TypeError'),
  undone(
    'the constructor of lists',
    'vm2 attack category 10',
    'globalThis.Array = function () { throw 1; };',
    'TypeError',
  ),
  undone('Array.prototype.map', 'vm2 attack category 10', 'Array.prototype.map = (f) => f(1);', 'TypeError'),
  undone(
    'WeakMap.prototype.set',
    'CVE-2022-25893 GHSA-4w2j-2rg4-5mjw',
    'WeakMap.prototype.set = function () {};',
    'TypeError',
  ),
  undone(
    'a setter on the first place of all lists',
    'GHSA-9qj6-qjgg-37qq CVE-2026-44008',
    'Object.defineProperty(Array.prototype, 0, { set(v) { self.state.bag = v; } }); world.find();',
    'TypeError',
  ),
  undone(
    'a setter on the second place, where stacks are put together',
    'GHSA-q3fm-4wcw-g57x',
    'Object.defineProperty(Array.prototype, 1, { set() {} }); new Error("x").stack;',
    'TypeError',
  ),
  // Errors.
  undone(
    'Error.prepareStackTrace, for the call sites',
    'CVE-2021-23555 GHSA-6pw2-5hjv-9pf7',
    'Error.prepareStackTrace = (e, sites) => sites; new Error("x").stack;',
    'TypeError',
  ),
  undone(
    'another Error in the place of Error',
    'CVE-2022-36067 GHSA-mrgp-mrhc-5jrq',
    'globalThis.Error = { prepareStackTrace: (e, sites) => sites }; null.x;',
    'TypeError',
  ),
  runs(
    'prepareStackTrace of a class of errors',
    'CVE-2022-36067 GHSA-mrgp-mrhc-5jrq',
    'class Mine extends Error { static prepareStackTrace(e, sites) { return sites; } } const { stack } = new Mine("x"); return typeof stack + loot(stack);',
    'string',
  ),
  unread(
    'an error that nobody waits for',
    'CVE-2023-29017 GHSA-7jxr-cg7f-gpgv',
    'async function late() { throw new Error("x"); }',
    noAsync,
  ),
  runs(
    'an error with a name that is no text',
    'vm2 attack category 4',
    `${odd} const caught = errorOf(odd); return loot(caught) + errorOf(() => String(Object.assign(new Error(), { name: Symbol() }))).name;`,
    'TypeError',
  ),
  runs(
    'a name whose toString is a proxy',
    'CVE-2023-32314 GHSA-whpj-8f3w-67p5',
    `let got = []; const e = new Error(); e.name = { toString: new Proxy(() => 'n', { apply(target, self, args) { got = [target, self, args, ...args]; return 'n'; } }) };
     return loot(errorOf(() => { throw e.stack; }), ...got);`,
  ),
  runs(
    'a thrown proxy that is asked for its prototype',
    'CVE-2023-30547 GHSA-ch3r-j5x3-6q2m',
    `const trap = { getPrototypeOf(target) { const deep = () => { new Error().stack; deep(); }; deep(); } };
     try { throw new Proxy(new Error('x'), trap); } catch ({ constructor }) { return loot(constructor); }`,
  ),
  undone(
    'the same, caught by nobody',
    'CVE-2023-30547 GHSA-ch3r-j5x3-6q2m',
    `throw new Proxy(new Error('x'), { getPrototypeOf() { throw 1; }, get() { throw 2; }, getOwnPropertyDescriptor() { throw 3; } });`,
    'something was thrown that is no error',
  ),
  runs(
    'a caught name that the compiler might use itself',
    'CVE-2023-29199 GHSA-xj72-wvfv-8985',
    'try { null.x; } catch ($0) { try { null.y; } catch ($0d) { return loot($0, $0d); } }',
  ),
  runs(
    'the cause of every error that a verb throws',
    'GHSA-m283-3h24-438v',
    `const thrown = [() => self.say(), () => world.spawn(1), () => self.walkTo(), () => self.give('x', -1), () => world.goto(1), () => self.ask(), () => self.state.none.x, () => world.roll('x'), () => self.memory(self), () => self.send(1), () => self.after(1, 'x'), () => world.area(1).x, () => names.babble(1)].map(errorOf);
     return loot(...thrown) + thrown.filter((e) => 'cause' in e || Reflect.ownKeys(e).some((key) => !['stack', 'message'].includes(key))).length;`,
    '0',
  ),
  undone(
    'errors that are each other’s cause',
    'GHSA-x965-fc75-jpqh',
    'const a = new Error("a"); a.cause = new Error("b", { cause: a }); throw a;',
    'Error: a',
  ),
  undone(
    'a cause that loops when it is read',
    'GHSA-m283-3h24-438v',
    'throw Object.defineProperty(new Error("a"), "cause", { get() { for (;;); } });',
    'Error: a',
  ),
  runs(
    'paths of the host in stacks',
    'GHSA-v27g-jcqj-v8rw GHSA-x6m4-chr9-cg97',
    `const all = [() => null.x, () => self.say(), () => [1].map(() => world.spawn(1)), () => JSON.parse('{'), () => new RegExp('('), () => 'x'.repeat(1e9), () => { const f = () => f() + 1; f(); }].map(errorOf);
     return all.flatMap((e) => String(e.stack).match(/file:|node:|node_modules|internal|[\\\\/](home|work|usr|tmp|core|etc)[\\\\/]/g) ?? []).join();`,
  ),
  runs(
    'captureStackTrace, for the sites of callers',
    'GHSA-r273-hxvj-fxhp CVE-2023-2033',
    'return typeof Error.captureStackTrace + typeof Error.getCallSites;',
    'undefinedundefined',
  ),
  nameless(
    'an error that suppresses another',
    'GHSA-55hx-c926-fr95 GHSA-35vh-489p-v7cx',
    'new SuppressedError(1, 2);',
    'SuppressedError',
  ),
  nameless(
    'a stack of what is disposed',
    'GHSA-55hx-c926-fr95',
    'new DisposableStack().defer(() => { throw null; });',
    'DisposableStack',
  ),
  nameless('the same that waits', 'GHSA-55hx-c926-fr95', 'new AsyncDisposableStack();', 'AsyncDisposableStack'),
  unread(
    'a declaration with using',
    'GHSA-55hx-c926-fr95',
    'function f() { using a = { [Symbol.dispose]() { return new Error().stack; } }; throw null; }',
    'Unexpected token',
  ),
  runs(
    'a list of errors',
    'GHSA-55hx-c926-fr95',
    `${odd} return loot(errorOf(() => { throw new AggregateError([errorOf(odd), errorOf(() => self.say())]); }));`,
  ),
  // Symbols and species.
  runs(
    'symbols of the host on what is given',
    'GHSA-47x8-96vw-5wg6',
    `const seen = new Set(); const open = [self, world, names, self.state, self.words, world.find()[0]];
     for (let at = open.pop(); at; at = open.pop()) { for (const key of Reflect.ownKeys(at)) if (typeof key === 'symbol') seen.add(key.description); if (Object.getPrototypeOf(at)) open.push(Object.getPrototypeOf(at)); }
     const { ...spread } = self; const copied = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(self));
     return [...seen, ...Reflect.ownKeys(spread), ...Object.getOwnPropertySymbols(copied)].map(String).filter((name) => /nodejs|undici|kIs/.test(name)).join();`,
  ),
  undone(
    'a hook of the host as a key on the world',
    'GHSA-m5q2-4fm3-vfqp GHSA-jf8q-945g-9q4c',
    "world[Symbol.for('nodejs.util.promisify.custom')] = () => {};",
    'TypeError',
  ),
  runs(
    'an object that is inspected when it is logged',
    'CVE-2023-37903 GHSA-g644-9gfx-q4q4',
    `let ran = ''; const bomb = { [Symbol.for('nodejs.util.inspect.custom')](...args) { ran = 'ran' + loot(...args); return ''; } };
     self.log(bomb, 'x'); self.effect('puff', bomb); world.emit('puff', bomb); self.state.bag = bomb; return ran;`,
  ),
  runs(
    'options of an inspection',
    'CVE-2023-32313 GHSA-p5gc-c584-jj6v',
    "let ran = ''; const options = new Proxy({}, { get(t, key) { if (typeof key === 'symbol') ran += String(key.description); return undefined; } }); self.log(options); return ran.replace(/Symbol\\.\\w+/g, '');",
  ),
  runs(
    'Symbol.hasInstance of what checks go by',
    'vm2 attack category 3',
    'return [Object, Array, Map, Error].map((made) => Reflect.defineProperty(made, Symbol.hasInstance, { value: () => true })).filter(Boolean).length + String(Map[Symbol.hasInstance]({}));',
    '0false',
  ),
  runs(
    'a list whose species is itself',
    'GHSA-grj5-jjm8-h35p',
    `const r = world.find(); function x() { return r; } Object.defineProperty(x, Symbol.species, { value: x }); Object.defineProperty(r, 'constructor', { value: x });
     r.map(() => self.say); return loot(...r) + errorOf(() => { r.length = 0; });`,
    'it went through',
  ),
  nameless(
    'a promise whose species is a class of ours',
    'CVE-2023-37466 GHSA-cchq-frgv-rjh5 GHSA-qvjj-29qf-hp7p',
    'class Mine extends Promise { static get [Symbol.species]() { return Array; } }',
    'Promise',
  ),
  unread(
    'the promise of an async function',
    'CVE-2026-22709 GHSA-99p7-6v5w-7xg8',
    'const late = async () => {};',
    noAsync,
  ),
  nameless(
    'a promise that rejects for nobody',
    'GHSA-hw58-p9xv-2mjh',
    'new Promise(() => { throw new Error("x"); });',
    'Promise',
  ),
  nameless(
    'a rejection that comes from outside',
    'GHSA-gjq8-xm47-88rc GHSA-2v2p-6j97-cjg9',
    'Promise.reject(1);',
    'Promise',
  ),
  nameless(
    'a species within the tail of a promise',
    'GHSA-76w7-j9cq-rx2j',
    'Reflect.construct(Promise, [() => {}], Array);',
    'Promise',
  ),
  nameless('finally of a species', 'GHSA-27g9-p43v-cw3v GHSA-6454-5x88-m6jw', 'Promise.prototype.finally;', 'Promise'),
  nameless('rejections by call of apply', 'GHSA-647f-g98j-qq25', 'Promise.prototype.then.call.apply;', 'Promise'),
  runs(
    'things that look like promises, given back',
    'GHSA-f8gf-w286-fmq2',
    'return { then: undefined, get x() { return 1; } }.x;',
    '1',
    {
      top: 'let ran = 0;\nconst later = { then(resolve) { ran++; resolve(); } };',
      more: "methods: { m: { allow: 'view', handle: () => later } }, timers: { t: () => later }, messages: { hi: () => later },",
    },
  ),
  unread(
    'an async generator that yields to a thenable',
    'GHSA-248r-7h7q-cr24 CVE-2026-45411',
    'const made = { async *helper() { yield* []; } };',
    noAsync,
  ),
  runs(
    'a generator that is ended with a thenable, at every depth',
    'GHSA-248r-7h7q-cr24 CVE-2026-45411',
    `const got = []; function* helper() { try { yield* { [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) }; } catch (e) { got.push(e); } }
     const deep = (n) => { if (n > 0) return deep(n - 1); const i = helper(); i.next(); try { got.push(i.return({ then() { deep(1e5); } })); i.throw(1); } catch (e) { got.push(e); } };
     for (let n = 0; n < 4000; n += 97) try { deep(n); } catch (e) { got.push(e); }
     return loot(...got.slice(0, 100));`,
  ),
  unread(
    'Array.fromAsync, to be awaited',
    'GHSA-v27g-jcqj-v8rw',
    'await Array.fromAsync([]);',
    'await is not available',
  ),
  runs('Array.fromAsync itself', 'GHSA-v27g-jcqj-v8rw', 'return typeof Array.fromAsync;', 'undefined'),
  unread(
    'import(), for its promise',
    'CVE-2021-23449 GHSA-rjf2-j2r6-q8gr',
    "const p = import('./lib/loot.ts');",
    'import() is not available',
  ),
  // Names of the inside.
  runs(
    'names that nobody was to know, by computing them',
    'GHSA-2cm2-m3w5-gp2f',
    `const known = new Set(['Object', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'Math', 'JSON', 'Map', 'Set', 'WeakMap', 'WeakSet', 'RegExp', 'Proxy', 'Reflect', 'Iterator', 'globalThis', 'undefined', 'NaN', 'Infinity']);
     return Reflect.ownKeys(globalThis).filter((key) => !known.has(key) && !/Error$|^(is|parse|encode|decode)/.test(String(key))).map(String).join();`,
  ),
  runs('a name of the compiler’s, spelt otherwise', 'GHSA-wp5r-2gw5-m7q7', 'return peek;', '', {
    top: 'const peek = [typeof \\u{24}0 === "undefined" ? null : \\u{24}0, typeof \\u00240 === "undefined" ? null : \\u00240].map((one) => loot(one)).join("");',
  }),
  unread('eval, spelt otherwise', 'GHSA-wp5r-2gw5-m7q7', "\\u{65}val('1');", 'eval is not available'),
  unread(
    'a statement that opens a scope',
    'GHSA-wp5r-2gw5-m7q7',
    'with (globalThis) { }',
    "The 'with' statement is not supported",
  ),
  // What was allowed led to what was not.
  nameless('bytes of the pool that all share', 'GHSA-fcqc-726x-5wfc', 'Buffer.from([0]).buffer;', 'Buffer'),
  nameless('bytes without end', 'GHSA-6785-pvv7-mvg7 GHSA-gmc2-2x9w-cgh9', 'Buffer.concat([], 1e9);', 'Buffer'),
  nameless(
    'bytes without end, by another name',
    'GHSA-v836-6xw4-9cx3',
    'new Float64Array({ get length() { return 1e9; } });',
    'Float64Array',
  ),
  nameless('a caught exception of a module of WebAssembly', 'GHSA-ffh4-j6h5-pg66', 'WebAssembly.JSTag;', 'WebAssembly'),
  nameless(
    'promises of WebAssembly',
    'GHSA-6j2x-vhqr-qr7q GHSA-wjwh-qqvp-g4p4 GHSA-m3pp-qgq7-gwm6 CVE-2026-47210',
    'WebAssembly.promising;',
    'WebAssembly',
  ),
  nameless(
    'what is called when garbage is collected',
    'GHSA-r4fx-v8hh-22mv',
    'new FinalizationRegistry(() => { for (;;); });',
    'FinalizationRegistry',
  ),
  nameless(
    'a sandbox within, with fewer walls',
    'GHSA-8hg8-63c5-gwmx GHSA-m4wx-m65x-ghrr GHSA-8hr7-r645-pc6w CVE-2026-44007',
    "require('vm2');",
    'require',
  ),
  unread(
    'the loader of modules',
    'GHSA-947f-4v7f-x2v8 GHSA-rp36-8xq3-r6c4',
    "import { createRequire } from 'module';",
    noBuiltin,
  ),
  unread(
    'processes and workers',
    'GHSA-8686-vhfx-7r3j GHSA-6rh5-qq4q-97xh GHSA-qhwx-74w5-xhxq',
    "import { Worker } from 'node:worker_threads';",
    noBuiltin,
  ),
  unread(
    'what watches the whole process',
    'GHSA-m5w8-4gq2-6f8x GHSA-9g8x-92q2-p28f GHSA-pq68-rvw4-xp4r',
    "import * as hooks from 'node:async_hooks';",
    noBuiltin,
  ),
  unread(
    'the network by its inner name',
    'GHSA-r9pm-gxmw-wv6p',
    "import { ClientRequest } from '_http_client';",
    noBuiltin,
  ),
  unread(
    'members that reach the host',
    'GHSA-46pr-c5wc-xffx GHSA-6w8r-xxw2-g3hx GHSA-98xx-8mx4-x7cm GHSA-h85j-hv3c-qfgq GHSA-x3v6-43hc-82mc',
    "import { getBuiltinModule } from 'node:process';",
    noBuiltin,
  ),
  unread(
    'the sandbox’s own package',
    'GHSA-jxxv-8r27-vm4p GHSA-j3hm-6rg5-mchv',
    "import ivm from '../node_modules/isolated-vm/isolated-vm.js';",
    'an import ends in .ts',
  ),
  unread(
    'a file above the root',
    'GHSA-cp6g-6699-wx9c',
    "import '../../../../etc/passwd.ts';",
    'is outside of the root',
  ),
  unread(
    'a folder whose name begins as the root’s',
    'GHSA-c48m-32m9-vx93',
    "import '../scripts-evil/x.ts';",
    'there is no file scripts-evil/x.ts',
  ),
  unread(
    'a path with the other slash',
    'GHSA-7q3f-wx44-378m',
    "import './..\\\\..\\\\x.ts';",
    'is outside of the root',
  ),
  unread(
    'a path with an end in the middle',
    'GHSA-5h3f-q97h-ccvc',
    "import './lib/loot.ts\\0.ts';",
    'is outside of the root',
  ),
  unread('a URL in the place of a path', 'GHSA-cp6g-6699-wx9c', "import 'file:///etc/passwd.ts';", noBuiltin),
  unread(
    'code in the place of a path',
    'GHSA-cp6g-6699-wx9c',
    "import 'data:text/javascript,globalThis.x=1';",
    noBuiltin,
  ),
  // Handles, receivers, accessors.
  runs(
    'something thrown that inherits nothing',
    'GHSA-9vg3-4rfj-wgcm GHSA-mpf8-4hx2-7cjg',
    'const o = { __proto__: null }; try { throw o; } catch (e) { e.f = self.say; return loot(o.f, e, o); }',
  ),
  undone(
    'the same, caught by nobody',
    'GHSA-9vg3-4rfj-wgcm',
    "throw { __proto__: null, message: 'mine', stack: 'here' };",
    'Error: mine',
  ),
  undone(
    'a child of self that is given a name',
    'GHSA-c4cf-2hgv-2qv6',
    "Object.create(self).name = 'mine';",
    'TypeError: that is no object of the world',
  ),
  undone(
    'a child of the world that is given a time',
    'GHSA-c4cf-2hgv-2qv6',
    'Object.create(world).time = 5;',
    'TypeError',
  ),
  runs(
    'Reflect.set with another receiver',
    'GHSA-c4cf-2hgv-2qv6',
    "const mine = {}; return [errorOf(() => Reflect.set(self, 'name', 'forged', world.find('neighbour')[0])).name, Reflect.set(world, 'tick', 5, mine), Object.keys(mine).length].join();",
    'TypeError,false,0',
  ),
  undone(
    'the setter of a field on the state of another',
    'GHSA-633r-hq9m-c4ff',
    "const { set } = Reflect.getOwnPropertyDescriptor(self.state, 'found'); set.call(world.find('neighbour')[0].state, 'mine');",
    'TypeError: state.found of nothing',
  ),
  runs(
    'handlers of the inside, made again',
    'GHSA-v37h-5mfm-c47c GHSA-qcp4-v2jj-fjx8',
    'return [self, self.words, self.body, self.state, world.find()[0]].map((handle) => { const proto = Object.getPrototypeOf(handle); return proto.constructor === Object; }).join() + loot(self);',
    Array(5).fill('true').join(),
  ),
  runs(
    'this of a function that nobody is',
    'GHSA-j89j-5m6r-cr2q',
    'return typeof (function () { return this; })() + [].concat(...[null, undefined].map((of) => typeof Reflect.apply(function () { return this; }, of, []))).join();',
    'undefinedobject,undefined',
  ),
  undone('a verb of nobody', 'GHSA-j89j-5m6r-cr2q', "(0, self.say)('x');", 'TypeError'),
  undone(
    'arguments.callee',
    'vm2 attack category 5',
    '(function () { return arguments.callee.caller; })();',
    'TypeError',
  ),
  runs(
    'caller of a function that the runtime calls',
    'vm2 attack category 5',
    'function probe() { return probe.caller; } return [errorOf(probe).name, errorOf(() => [3, 1].sort(function c() { return c.caller.length; })).name].join();',
    'TypeError,TypeError',
  ),
  runs(
    'descriptors of descriptors',
    'vm2 attack category 15',
    "const all = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(() => {})); return loot(all, Object.getOwnPropertyDescriptors(all), ...Object.entries(all).flat()) + Object.hasOwn(all, 'constructor');",
    'false',
  ),
  runs(
    'a proxy in the place of a class',
    'vm2 attack category 6',
    'const made = new Proxy(class {}, { construct: () => function () { return Object.getPrototypeOf(this).constructor; } }); return loot(new made(), new (new made())());',
  ),
  undone(
    'a proxy that throws a function where it is read',
    'vm2 attack category 6',
    "self.state.bag = new Proxy({}, { ownKeys() { throw (f) => f.constructor('return process')(); } });",
    'something was thrown that is no error',
  ),
  undone(
    'a proxy that was revoked',
    'vm2 attack category 6',
    'const { proxy, revoke } = Proxy.revocable([], {}); revoke(); self.state.bag = proxy;',
    'TypeError',
  ),
  left(
    'a definition that is a proxy of traps',
    'vm2 attack category 6',
    { more: "get look() { throw (f) => f.constructor('return process')(); }," },
    'something was thrown that is no error',
  ),
];
