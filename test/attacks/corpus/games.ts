/** What players did to other scriptable worlds and expression sandboxes. The nine lessons of Screeps are test/script/screeps.test.ts. */
import { type Attack, nameless, runs, stopped, undone, unread } from '../attack.ts';

export const games: readonly Attack[] = [
  nameless(
    'promises, whose time nobody counts',
    'Screeps driver #6',
    'Promise.resolve().then(() => { for (;;); });',
    'Promise',
  ),
  undone(
    'a prototype that all share',
    'Screeps driver #14; Bitburner #1302',
    "String.prototype.leak = () => 'WTF?';",
    'TypeError',
  ),
  undone(
    'the prototype of what the world gives',
    'Screeps docs #5',
    'Object.getPrototypeOf(world.find()[0]).push = () => true;',
    'TypeError',
  ),
  runs(
    'plumbing of the bundle',
    'xxscreeps #328',
    "return ['module', 'exports', 'require', 'define', 'runtime', 'boot', '__webpack_require__'].filter((word) => word in globalThis).join();",
  ),
  runs(
    'what the memory of others is written to',
    'Screeps driver #12',
    "const other = world.find('neighbour')[0]; return [errorOf(() => { other.state.n = 99; }), errorOf(() => { other.words.push('x'); }), errorOf(() => { other.memory(self); }), errorOf(() => other.secret.x)].map((e) => e.name).join();",
    'TypeError,TypeError,TypeError,TypeError',
  ),
  runs(
    'a line that is a page',
    'Screeps #162 #173',
    "const line = '<script>nw.require(\"child_process\")</script><img src=x onerror=alert(1)>'; self.log(line); self.say(line.slice(0, 40)); self.name = '<b>x</b>'; return self.name;",
    '<b>x</b>',
  ),
  runs(
    'a line for a terminal',
    'Screeps #162',
    "self.log('\\u001b]0;owned\\u0007\\u001b[2J\\r\\n{\"level\":\"fatal\"}'); self.say('a\\u202eb\\u0000'.slice(0, 3)); return '';",
  ),
  undone('Number.prototype.toLocaleString', 'Bitburner #674', 'Number.prototype.toFixed = () => "0";', 'TypeError'),
  runs(
    'code by the constructor of a function',
    'CodeCombat aether #6; safe-eval CVE-2017-16088; safer-eval CVE-2019-10759',
    'return [(() => {}).constructor, (function* () {}).constructor, (class {}).constructor, [].map.constructor, self.say.constructor, names.distance.constructor].every((made) => made === Object);',
    'true',
  ),
  undone(
    'getters for what is called',
    'sandcastle #21 #25',
    "Object.prototype.__defineGetter__('exit', () => process);",
    'TypeError',
  ),
  runs(
    'what was handed over to be called',
    'jailed CVE-2022-23923',
    'return [event.application, event.remote, event.constructor === Object].join();',
    ',,true',
  ),
  runs('this at the top of a file', 'safe-eval CVE-2022-25904', 'return top;', '', { top: 'const top = loot(this);' }),
  runs(
    'functions that come back from builtins',
    'safe-eval CVE-2023-26121 CVE-2023-26122',
    "const got = []; [1].map((...all) => got.push(...all)); 'a'.replace(/a/, (...all) => got.push(...all)); JSON.parse('[1]', function (...all) { got.push(this, ...all); return all[1]; }); new Map([[1, 2]]).forEach((...all) => got.push(...all)); return loot(...got);",
  ),
  runs(
    'errors of a realm that is not ours',
    'realms-shim #48; CVE-2021-23594',
    "const got = []; const wrong = { get() { throw new Error('x'); }, has() { return true; } }; for (const run of [() => new Proxy({}, wrong).x, () => Reflect.get(1, 'x'), () => Symbol() + '', () => [].reduce(Math.max), () => new Map([1]), () => Reflect.construct(1)]) got.push(errorOf(run)); return loot(...got);",
  ),
  runs(
    'a proxy that has everything, as a scope',
    'realms-shim CVE-2021-23543; SES',
    'const scope = new Proxy({}, { has: () => true, get: (t, key) => key }); return [Symbol.unscopables in scope, errorOf(() => nowhere).name].join();',
    'true,ReferenceError',
  ),
  unread('a comment of old pages', 'SES_HTML_COMMENT_REJECTED', 'const x = 1;\nx<!--x;', 'Legacy comments'),
  unread('the other end of such a comment', 'SES_HTML_COMMENT_REJECTED', 'const x = 1;\n--> x', 'Legacy comments'),
  unread(
    'import() in what looks like a comment',
    'SES_IMPORT_REJECTED',
    "const p = import/* */('./lib/loot.ts');",
    'import() is not available',
  ),
  unread(
    'import() by an odd blank',
    'SES_IMPORT_REJECTED',
    "const p = import\\u2028('./lib/loot.ts');".replace('\\u2028', '\u2028'),
    'import() is not available',
  ),
  undone(
    'a key of paths that pollutes',
    'notevil CVE-2021-23771; CVE-2022-25878',
    'const merge = (to, from) => { for (const key in from) typeof from[key] === \'object\' ? merge(to[key], from[key]) : (to[key] = from[key]); }; merge({}, JSON.parse(\'{"__proto__":{"polluted":1}}\'));',
    'TypeError',
  ),
  undone(
    'the same by constructor.prototype',
    'static-eval CVE-2017-16226',
    '({}).constructor.prototype.polluted = 1;',
    'TypeError',
  ),
  runs(
    'a template that is a call',
    'n8n CVE-2025-68613; sandboxjs CVE-2025-34146',
    'const made = (() => {}).constructor`return process`; return typeof made + loot(made);',
    'object',
  ),
  runs(
    'tags of templates',
    'n8n CVE-2025-68613',
    'const tag = (strings, ...values) => [strings, strings.raw, ...values]; const got = tag`a`; return [Object.isFrozen(got[0]), Object.isFrozen(got[1]), loot(...got)].join();',
    'true,true,',
  ),
  nameless('the page around', 'happy-dom CVE-2025-61927', 'document.defaultView;', 'document'),
  nameless('a worker', 'happy-dom CVE-2025-61927', "new Worker('x');", 'Worker'),
  stopped('commands without end', 'Screeps: CPU of intents', 'for (;;) self.velocity(1, 1);'),
  undone(
    'commands beyond all measure',
    'Screeps: CPU of intents',
    'for (let i = 0; i < 3000; i++) self.effect("puff", i);',
    'RangeError: it asked for 3000 things',
  ),
  undone(
    'creatures beyond all measure',
    'Screeps: spawning',
    'for (;;) world.spawn("neighbour", { at: self });',
    'RangeError: it spawned too much',
  ),
];
