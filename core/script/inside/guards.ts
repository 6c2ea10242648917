/**
 * Builtins that neither the timeout nor the memory limit reaches while they run on something huge get a bound that no
 * honest script meets. They are a help, not the wall: what still gets through is stopped by the watchdog.
 */

/** Characters of a text, and entries of a list, that one builtin works on. */
const bounds = { text: 1_000_000, list: 1_000_000 } as const;

type Method = (this: unknown, ...args: unknown[]) => unknown;

const texts = ['replace', 'replaceAll', 'split', 'normalize', 'toLowerCase', 'toUpperCase'] as const;
const lists = [
  'concat',
  'copyWithin',
  'fill',
  'flat',
  'includes',
  'indexOf',
  'join',
  'lastIndexOf',
  'reverse',
  'shift',
  'slice',
  'sort',
  'splice',
  'toReversed',
  'toSorted',
  'toSpliced',
  'unshift',
  'with',
] as const;
const escapes = ['encodeURI', 'encodeURIComponent', 'decodeURI', 'decodeURIComponent'] as const;

/** Puts the bounds in front of the builtins. Must run before anything is frozen. */
export function guardBuiltins(): void {
  const text = String.prototype as unknown as Record<string, Method>;
  const list = Array.prototype as unknown as Record<string, Method>;
  const global = globalThis as unknown as Record<string, Method>;
  guardMade(text, 'repeat', (of, count) => of.length * count);
  guardMade(text, 'padStart', (_, length) => length);
  guardMade(text, 'padEnd', (_, length) => length);
  for (const name of texts) guardText(text, name);
  for (const name of lists) guardList(list, name);
  for (const name of escapes) {
    const original = global[name] as Method;
    replace(global, name, original, (_, args) => tooLong(name, args[0]));
  }
  const { from } = Array;
  replace(Array as unknown as Record<string, Method>, 'from', from as Method, (_, args) =>
    tooMany('Array.from', args[0]),
  );
  // The constructor of functions is gone already.
  const functions = Object.getPrototypeOf(guardBuiltins) as Record<string, Method>;
  replace(functions, 'apply', functions.apply as Method, (_, args) => tooMany('apply', args[1]));
}

/** Bounds what a method of texts makes. */
function guardMade(of: Record<string, Method>, name: string, lengthOf: (text: string, n: number) => number): void {
  replace(of, name, of[name] as Method, (self, [size]) => {
    if (typeof size === 'number' && self !== undefined && self !== null)
      refuse(name, 'characters', lengthOf(typeof self === 'string' ? self : String(self), size), bounds.text);
  });
}

function guardText(of: Record<string, Method>, name: string): void {
  replace(of, name, of[name] as Method, (self) => tooLong(name, self));
}

function guardList(of: Record<string, Method>, name: string): void {
  const original = of[name] as Method;
  const { apply } = Reflect;
  const guarded = {
    [name](this: unknown, ...args: unknown[]) {
      if (((this as readonly unknown[] | undefined)?.length as number) > bounds.list) tooMany(name, this);
      return apply(original, this, args);
    },
  };
  put(of, name, guarded[name] as Method, original);
}

function replace(
  of: Record<string, Method>,
  name: string,
  original: Method,
  check: (self: unknown, args: readonly unknown[]) => void,
): void {
  const { apply } = Reflect;
  const guarded = {
    [name](this: unknown, ...args: unknown[]) {
      check(this, args);
      return apply(original, this, args);
    },
  };
  put(of, name, guarded[name] as Method, original);
}

/** The guard stands where the builtin was, with as many parameters. */
function put(of: Record<string, Method>, name: string, guarded: Method, { length }: Method): void {
  Object.defineProperty(guarded, 'length', { value: length });
  Object.defineProperty(of, name, { value: guarded, enumerable: false, configurable: true, writable: true });
}

function tooLong(name: string, value: unknown): void {
  if (typeof value === 'string') refuse(name, 'characters', value.length, bounds.text);
}

function tooMany(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  refuse(name, 'entries', (value as { readonly length?: unknown }).length, bounds.list);
}

function refuse(name: string, what: string, size: unknown, most: number): void {
  if (typeof size === 'number' && size > most) throw new RangeError(`${name} of ${size} ${what}: at most ${most}`);
}
