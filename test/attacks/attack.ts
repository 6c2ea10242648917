/**
 * A hostile object script, and how it has to end. The corpus (`corpus/*.ts`) is data: to try a new attack, add a row to
 * the list of its class. corpus.test.ts runs them all.
 */

export type Attack = {
  /** What it tries, in a few words. */
  readonly name: string;
  /** Who told of it: an advisory, an issue, a paper; `ours` when nobody has. */
  readonly source: string;
  /** The object script. */
  readonly file: string;
  readonly ends: Ends;
};

export type Ends =
  /** It is no script: the compiler says so, in these words. */
  | { readonly kind: 'unread'; readonly says: string }
  /** Its file is left out when it is loaded, with a message that begins so. */
  | { readonly kind: 'left'; readonly says: string }
  /** Its handler throws with a message that begins so, and nothing of it stays. */
  | { readonly kind: 'undone'; readonly says: string }
  /** It runs, and this is what it has found. */
  | { readonly kind: 'runs'; readonly finds: string }
  /** It is stopped by the tick's limits and named; the world goes on without it. */
  | { readonly kind: 'stopped' }
  /** Nothing but the end of the process may stop it: it is run in a process of its own, or in a server's worker. */
  | { readonly kind: 'deadly' };

/** Code at the top of the file, and more tables of the definition. */
export type More = { readonly top?: string; readonly more?: string };

/** Its file has this at the top, where nothing may run or be written. */
export function unread(name: string, source: string, top: string, says: string): Attack {
  return { name, source, file: fileOf('', { top }), ends: { kind: 'unread', says } };
}

/** Its file has this at the top, or in the definition. */
export function left(name: string, source: string, more: More, says: string): Attack {
  return { name, source, file: fileOf('', more), ends: { kind: 'left', says } };
}

/** Its `tick` does this. */
export function undone(name: string, source: string, code: string, says: string, more: More = {}): Attack {
  return { name, source, file: fileOf(`{ ${code} }`, more), ends: { kind: 'undone', says } };
}

/** Its `tick` does this and returns what it found. */
export function runs(name: string, source: string, code: string, finds = '', more: More = {}): Attack {
  const body = `self.state.found = String((() => { ${code} })() ?? '');`;
  return { name, source, file: fileOf(body, more), ends: { kind: 'runs', finds } };
}

export function stopped(name: string, source: string, code: string, more: More = {}): Attack {
  return { name, source, file: fileOf(`{ ${code} }`, more), ends: { kind: 'stopped' } };
}

/** What its `tick` does once somebody has armed it; that is on disk before, so that it does it again after a recovery. */
export function deadly(name: string, source: string, code: string): Attack {
  const file = `import { defineObject } from 'roost';

export default defineObject({
  state: { armed: false },
  methods: { arm: { allow: 'view', durable: true, handle(self) { self.state.armed = true; } } },
  on: { tick(self) { if (self.state.armed) { ${code} } } },
});
`;
  return { name, source, file, ends: { kind: 'deadly' } };
}

/** What does not exist has no name to reach it by. */
export function nameless(name: string, source: string, code: string, word: string): Attack {
  return undone(name, source, code, `ReferenceError: ${word} is not defined`);
}

function fileOf(tick: string, { top = '', more = '' }: More): string {
  return `import * as names from 'roost';
import { defineObject, defineZone, distance, list, maybe } from 'roost';
import { errorOf, loot } from './lib/loot.ts';
${top}
export default defineObject({
  ${more.includes('state:') ? '' : "state: { found: '', armed: false, bag: {} as any },"}
  ${more}
  ${tick === '' ? '' : `on: { tick(self, event) { const { world } = event; ${tick} } },`}
});
`;
}

/** What every attack may import: it says whether something is of another realm, or makes code of text. */
export const lootFile = `
const host = ['process', 'require', 'module', 'exports', 'global', 'Buffer', 'console', 'fetch', 'setTimeout', 'ivm', 'Function', 'eval', '$0'];

/** What of these things, and of what they lead to, is not the script's own world. */
export function loot(...things) {
  const found = new Set(host.filter((word) => word in globalThis));
  const seen = new Set();
  const open = things.map((thing) => [thing, 3]);
  while (open.length > 0 && seen.size < 5_000) {
    const [at, depth] = open.pop();
    if ((typeof at !== 'object' && typeof at !== 'function') || at === null || seen.has(at)) continue;
    seen.add(at);
    const up = attempt(() => Object.getPrototypeOf(at));
    if (up === null && at !== Object.prototype && Object.hasOwn(at, '__lookupGetter__')) found.add('another realm');
    open.push([up, depth]);
    const made = typeof at === 'function' ? attempt(() => attempt(() => at('return 7'))()) : undefined;
    if (made === 7) found.add('code');
    if (depth === 0) continue;
    for (const key of ['constructor', 'caller', 'callee', 'arguments', 'mainModule', 'cause', 'error', 'suppressed'])
      open.push([attempt(() => at[key]), depth - 1]);
    for (const key of attempt(() => Reflect.ownKeys(at).slice(0, 200)) ?? []) {
      const its = attempt(() => Reflect.getOwnPropertyDescriptor(at, key)) ?? {};
      open.push([its.value, depth - 1], [its.get, depth - 1], [its.set, depth - 1]);
    }
  }
  return [...found].join();
}

function attempt(run) {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** What a function throws, or a line that it does not. */
export function errorOf(run) {
  try {
    run();
  } catch (error) {
    return error;
  }
  return 'it went through';
}
`;
