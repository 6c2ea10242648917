/** Plain data: what may leave a handler. Copies are made at once, under the handler that made the original. */
import type { Json } from '../../contract/content.ts';

export const dataLimits = {
  depth: 16,
  /** Bytes of `state`, and of `own` and each script's `secret`. */
  state: 16 * 1024,
  /** Bytes of what a message, effect, emit or answer carries. */
  data: 4 * 1024,
  /** Bytes of what a script remembers of one player. */
  memory: 1024,
} as const;

/** What is left of `most`. */
type Budget = { bytes: number; readonly most: number };

let copied = 0;

/** Bytes of all data copied so far: what leaves a tick is made of them. */
export function weighed(): number {
  return copied;
}

/**
 * A frozen deep copy. Class instances give their own fields; keys that are undefined are left out.
 * @param what  Names the value in errors: `state.bag`.
 * @throws TypeError when it is not data, RangeError when it is bigger than `bytes` or deeper than 16.
 */
export function plain(value: unknown, what: string, bytes: number): Json {
  const left = { bytes, most: bytes };
  const data = copy(value, what, 0, left);
  copied += bytes - left.bytes;
  return data;
}

/** Bytes that checked data counts for, as the zone counts it. */
export function sizeOf(value: Json): number {
  const left = { bytes: Number.MAX_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER };
  copy(value, '', 0, left);
  return Number.MAX_SAFE_INTEGER - left.bytes;
}

function copy(value: unknown, what: string, depth: number, left: Budget): Json {
  switch (typeof value) {
    case 'string':
      return text(value, what, left);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${what} is ${value}: a number must be finite`);
      spend(left, bytesOf(value), what);
      return value;
    case 'boolean':
      spend(left, 5, what);
      return value;
    case 'object':
      if (value === null) {
        spend(left, 4, what);
        return null;
      }
      if (depth >= dataLimits.depth) throw new RangeError(`${what} is nested deeper than ${dataLimits.depth}`);
      return Array.isArray(value) ? copyList(value, what, depth, left) : copyObject(value, what, depth, left);
    default:
      throw new TypeError(
        `${what} is ${value === undefined ? 'undefined' : `a ${typeof value}`}: it must be plain data`,
      );
  }
}

function copyList(value: readonly unknown[], what: string, depth: number, left: Budget): Json {
  const { length } = value;
  // A Proxy says any length: one below nothing would give back what was spent, an object be another number each time.
  spend(left, typeof length === 'number' && length >= 0 ? 2 + length : Number.NaN, what);
  const list: Json[] = [];
  for (let i = 0; i < length; i++) list.push(copy(value[i], what, depth + 1, left));
  return Object.freeze(list);
}

function copyObject(value: object, what: string, depth: number, left: Budget): Json {
  if (value instanceof Map || value instanceof Set)
    throw new TypeError(`${what} is a Map or Set: use a list or an object`);
  spend(left, 2, what);
  const object: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    if (key === '__proto__') throw new TypeError(`${what} has a key called __proto__`);
    const field = (value as Record<string, unknown>)[key];
    if (field === undefined) continue;
    text(key, what, left);
    spend(left, 2, what);
    object[key] = copy(field, what, depth + 1, left);
  }
  return Object.freeze(object);
}

function text(value: string, what: string, left: Budget): string {
  spend(left, value.length + 2, what);
  if (!value.isWellFormed()) throw new TypeError(`${what} holds half a character`);
  let more = 0;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit === 0) throw new TypeError(`${what} holds a NUL character`);
    // Bytes of UTF-8 and of JSON's escapes beyond one a unit; the halves of a pair are two each.
    if (unit > 0x7f) more += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
    else if (unit < 0x20) more += unit > 0x07 && unit < 0x0e && unit !== 0x0b ? 1 : 5;
    else if (unit === 0x22 || unit === 0x5c) more++;
  }
  spend(left, more, what);
  return value;
}

/** Bytes of a number in JSON; small ones count alike. */
function bytesOf(value: number): number {
  return Number.isInteger(value) && Math.abs(value) < 1e7 ? 8 : Math.max(8, `${value}`.length);
}

function spend(left: Budget, bytes: number, what: string): void {
  left.bytes -= bytes;
  // A forged length is no number.
  if (!(left.bytes >= 0)) throw new RangeError(`${what} is too big: at most ${left.most / 1024} KB`);
}

/** A copy of plain data that a script may change. */
export function mutable(value: Json): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(mutable);
  const object: Record<string, unknown> = {};
  for (const key of Object.keys(value)) object[key] = mutable((value as { [key: string]: Json })[key] as Json);
  return object;
}

/** Whether two pieces of plain data are equal. */
export function same(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as { readonly [key: string]: Json };
  const right = b as { readonly [key: string]: Json };
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) if (!Object.hasOwn(right, key) || !same(left[key] as Json, right[key] as Json)) return false;
  return true;
}

/** Freezes plain data from outside, all of it: several scripts may be given the same. */
export function deepFreeze<T extends Json>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part as Json);
    Object.freeze(value);
  }
  return value;
}
