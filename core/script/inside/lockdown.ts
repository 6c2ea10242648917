/**
 * Makes the realm safe to share before any script runs: an allow-list of globals, no way to make code from text, no
 * clock, no time zone, no memory that V8 does not count, and everything that is left frozen. What people override on
 * their own objects (`name`, `message`, `toString`, `valueOf`, `constructor`) stays assignable there.
 */

import { guardBuiltins } from './guards.ts';

/** All that scripts may name. */
const allowed = new Set<PropertyKey>([
  'globalThis',
  'undefined',
  'NaN',
  'Infinity',
  'Object',
  'Array',
  'String',
  'Number',
  'Boolean',
  'Symbol',
  'Math',
  'JSON',
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'RegExp',
  'Proxy',
  'Reflect',
  'Iterator',
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'AggregateError',
  'parseInt',
  'parseFloat',
  'isNaN',
  'isFinite',
  'encodeURI',
  'encodeURIComponent',
  'decodeURI',
  'decodeURIComponent',
]);

/** Members that tell the machine's language or time, make code, reach promises, or leak between scripts. */
const removed: readonly (readonly [object, readonly PropertyKey[]])[] = [
  [Array, ['fromAsync']],
  [Array.prototype, ['toLocaleString']],
  [Object.prototype, ['toLocaleString']],
  [Number.prototype, ['toLocaleString']],
  [String.prototype, ['localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase']],
  [RegExp.prototype, ['compile']],
  [Error, ['captureStackTrace']],
];

const overridden: readonly PropertyKey[] = ['name', 'message', 'toString', 'valueOf', 'constructor'];

export type Locked = {
  /** Freezes an object and all that can be reached from it. */
  harden(root: object): void;
  /** Value of a property: getters of scripts are not called. Undefined where a Proxy does not say. */
  peek(object: unknown, key: PropertyKey): unknown;
};

/**
 * Locks the realm down.
 * @param random  Becomes `Math.random`.
 * @param run     The realm's `eval`, to reach what has no name.
 */
export function lockdown(random: () => number, run: (code: string) => unknown): Locked {
  const global = globalThis as unknown as Record<PropertyKey, unknown>;
  for (const key of Reflect.ownKeys(global)) if (!allowed.has(key)) delete global[key];
  for (const [object, keys] of removed) for (const key of keys) Reflect.deleteProperty(object, key);
  for (const key of Reflect.ownKeys(RegExp)) {
    if (typeof key === 'string' && /^(\$|input$|last|left|right)/.test(key)) Reflect.deleteProperty(RegExp, key);
  }
  const hidden = ['function(){}', 'function*(){}', 'async function(){}', 'async function*(){}'].map(
    (code) => Object.getPrototypeOf(run(`(${code})`)) as object,
  );
  for (const prototype of hidden) Reflect.deleteProperty(prototype, 'constructor');

  define(Math, 'random', () => random());
  define(Error, 'stackTraceLimit', 16);
  define(Error, 'prepareStackTrace', undefined);
  guardBuiltins();

  const trusted = new Set<unknown>();
  const frozen = new Set<object>();
  const stack = Reflect.getOwnPropertyDescriptor(new Error(''), 'stack');
  if (stack?.get) trusted.add(stack.get);

  const roots: object[] = [global, ...hidden];
  for (const iterable of [[], new Map(), new Set(), '']) roots.push(iterable[Symbol.iterator]());
  roots.push(
    'a'.matchAll(/a/g),
    run('(function*(){})()') as object,
    [].values().map((x) => x),
  );
  roots.push(Iterator.from({ next: () => ({ done: true, value: 0 }) }));
  const reached = reach(roots, frozen);
  // What accessors give cannot be seen from outside of them: all errors share those of `stack`.
  const concealed: unknown[] = [stack?.get, stack?.set];
  for (const object of reached) concealed.push(...makeOverridable(object, trusted));
  for (const object of reached) freeze(object, frozen);
  for (const object of reach(concealed, frozen)) freeze(object, frozen);
  for (const key of Reflect.ownKeys(global)) {
    Reflect.defineProperty(global, key, { writable: false, configurable: false });
  }
  Object.freeze(global);

  return {
    harden(root) {
      for (const object of reach([root], frozen)) freeze(object, frozen);
    },
    peek(object, key) {
      try {
        return peek(object, key, trusted);
      } catch {
        // A Proxy's traps are code of a script: what they throw is one more reason to say nothing of it.
        return undefined;
      }
    },
  };
}

function define(object: object, key: PropertyKey, value: unknown): void {
  Reflect.defineProperty(object, key, { value, writable: false, enumerable: false, configurable: false });
}

/** Everything that can be reached, the known left out. */
function reach(roots: readonly unknown[], known: ReadonlySet<object>): Set<object> {
  const found = new Set<object>();
  const open: unknown[] = [...roots];
  while (open.length > 0) {
    const next = open.pop();
    if ((typeof next !== 'object' && typeof next !== 'function') || next === null) continue;
    if (found.has(next) || known.has(next)) continue;
    found.add(next);
    open.push(Reflect.getPrototypeOf(next));
    for (const key of Reflect.ownKeys(next)) {
      const found = Reflect.getOwnPropertyDescriptor(next, key);
      open.push(found?.value, found?.get, found?.set);
    }
  }
  return found;
}

function freeze(object: object, frozen: Set<object>): void {
  frozen.add(object);
  if (object !== globalThis) Object.freeze(object);
}

/** Turns what people override into accessors that define it on the object that is assigned to. Gives both, and what they give. */
function makeOverridable(object: object, trusted: Set<unknown>): readonly unknown[] {
  const made: unknown[] = [];
  const isPrototype = typeof object !== 'function' || object === Object.getPrototypeOf(peek);
  if (!isPrototype || object === globalThis) return made;
  for (const key of overridden) {
    const found = Reflect.getOwnPropertyDescriptor(object, key);
    if (!found?.configurable || !('value' in found)) continue;
    // An accessor here would make every `map`, `filter` and `slice` ten times slower: V8 looks for species.
    if (key === 'constructor' && (object === Array.prototype || object === RegExp.prototype)) continue;
    if (key !== 'constructor' && typeof found.value !== 'function' && typeof found.value !== 'string') continue;
    const { value, enumerable } = found;
    const accessor = {
      get: () => value,
      set(this: unknown, to: unknown) {
        if (this === object || (typeof this !== 'object' && typeof this !== 'function') || this === null) {
          throw new TypeError(`${String(key)} of a builtin cannot be replaced`);
        }
        const wanted = { value: to, writable: true, enumerable: true, configurable: true };
        if (!Reflect.defineProperty(this, key, wanted)) throw new TypeError(`${String(key)} cannot be set`);
      },
    };
    trusted.add(accessor.get);
    made.push(value, accessor.get, accessor.set);
    Reflect.defineProperty(object, key, {
      get: accessor.get,
      set: accessor.set,
      enumerable: enumerable === true,
      configurable: false,
    });
  }
  return made;
}

function peek(object: unknown, key: PropertyKey, trusted: ReadonlySet<unknown>): unknown {
  let at = object;
  for (let depth = 0; depth < 16; depth++) {
    if ((typeof at !== 'object' && typeof at !== 'function') || at === null) return undefined;
    const found = Reflect.getOwnPropertyDescriptor(at, key);
    if (found) return found.get && trusted.has(found.get) ? Reflect.apply(found.get, object, []) : found.value;
    at = Reflect.getPrototypeOf(at);
  }
  return undefined;
}
