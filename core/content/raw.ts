/** Typed looks into parsed JSON that a stranger wrote. A wrong type names the key. */
import { type JsonPath, Wrong } from './wrong.ts';

/** An object of the file, and where it stands. */
export type Raw = { readonly value: Readonly<Record<string, unknown>>; readonly path: JsonPath };

export function toRaw(value: unknown, path: JsonPath, what: string): Raw {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Wrong(`${what} is not an object`, path);
  }
  return { value: value as Readonly<Record<string, unknown>>, path };
}

function own(raw: Raw, key: string): unknown {
  return Object.hasOwn(raw.value, key) ? raw.value[key] : undefined;
}

export function has(raw: Raw, key: string): boolean {
  return own(raw, key) !== undefined;
}

/** A finite number within ±1e9. @throws Wrong when it is missing and has no fallback. */
export function num(raw: Raw, key: string, fallback?: number): number {
  const value = own(raw, key) ?? fallback;
  if (typeof value !== 'number' || !(Math.abs(value) <= 1e9)) {
    throw new Wrong(`"${key}" is not a number`, [...raw.path, key]);
  }
  return value;
}

/** A whole number within bounds. */
export function int(raw: Raw, key: string, least: number, most: number, fallback?: number): number {
  const value = num(raw, key, fallback);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Wrong(`"${key}" is ${value}, wanted a whole number from ${least} to ${most}`, [...raw.path, key]);
  }
  return value;
}

/** Well-formed text of at most 1,000 characters without NUL. */
export function str(raw: Raw, key: string, fallback = ''): string {
  const value = own(raw, key) ?? fallback;
  if (typeof value !== 'string') throw new Wrong(`"${key}" is not text`, [...raw.path, key]);
  if (value.length > 1000) throw new Wrong(`"${key}" is longer than 1,000 characters`, [...raw.path, key]);
  if (value.includes('\0') || !value.isWellFormed()) throw new Wrong(`"${key}" is malformed text`, [...raw.path, key]);
  return value;
}

export function bool(raw: Raw, key: string, fallback: boolean): boolean {
  const value = own(raw, key) ?? fallback;
  if (typeof value !== 'boolean') throw new Wrong(`"${key}" is neither true nor false`, [...raw.path, key]);
  return value;
}

/** A list of at most `most`; empty when there is none. */
export function list(raw: Raw, key: string, most: number): readonly unknown[] {
  const value = own(raw, key) ?? [];
  if (!Array.isArray(value)) throw new Wrong(`"${key}" is not a list`, [...raw.path, key]);
  if (value.length > most) throw new Wrong(`"${key}" has ${value.length} entries, at most ${most}`, [...raw.path, key]);
  return value;
}

/** The objects in a list. */
export function raws(raw: Raw, key: string, most: number, what: string): readonly Raw[] {
  return list(raw, key, most).map((entry, i) => toRaw(entry, [...raw.path, key, i], what));
}
