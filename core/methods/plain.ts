/** Whether a value can cross the wire as JSON: plain, bounded in size and depth. */

export type Bounds = {
  /** UTF-8 bytes as JSON, about. */
  readonly bytes: number;
  /** Arrays and objects inside each other. */
  readonly depth: number;
};

/** What strangers send: the door has bounded the bytes before. */
export const paramsBounds: Bounds = { bytes: 1_048_576, depth: 32 };
/** What a build of a plugin leaves to the next one. */
export const formerBounds: Bounds = { bytes: 268_435_456, depth: 32 };
/** What handlers answer. */
export const resultBounds: Bounds = { bytes: 262_144, depth: 32 };

/**
 * Says why a value is not plain JSON within bounds, or undefined when it is. Properties with the value `undefined` are
 * left out by JSON and allowed. Cycles end at the depth, values shared many times at the bytes.
 */
export function findFlaw(value: unknown, bounds: Bounds): string | undefined {
  return look(value, bounds.depth, { bytes: 0, bounds });
}

/** What was seen so far. Handed on instead of closed over: every call looks at what goes in and at what comes out. */
type Seen = { bytes: number; readonly bounds: Bounds };

function look(part: unknown, depth: number, seen: Seen): string | undefined {
  seen.bytes += typeof part === 'string' ? Buffer.byteLength(part) + 2 : 4;
  if (seen.bytes > seen.bounds.bytes) return `it has more than ${seen.bounds.bytes} bytes`;
  switch (typeof part) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return undefined;
    case 'number':
      return Number.isFinite(part) ? undefined : `${part} is no JSON number`;
    case 'object':
      return part === null ? undefined : inside(part, depth, seen);
    default:
      return `a ${typeof part} is no JSON`;
  }
}

function inside(part: object, depth: number, seen: Seen): string | undefined {
  if (depth === 0) return `it is nested deeper than ${seen.bounds.depth}`;
  if (Array.isArray(part)) return insideArray(part, depth, seen);
  const prototype: unknown = Object.getPrototypeOf(part);
  if (prototype !== null && prototype !== Object.prototype) return `a ${nameOf(part)} is no plain object`;
  for (const key of Object.keys(part)) {
    if (key === '__proto__') return 'it has the key __proto__';
    seen.bytes += Buffer.byteLength(key) + 4;
    const flaw = look((part as Record<string, unknown>)[key], depth - 1, seen);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function insideArray(items: readonly unknown[], depth: number, seen: Seen): string | undefined {
  // By index: holes are looked at too.
  for (let at = 0; at < items.length; at++) {
    const flaw = look(items[at], depth - 1, seen);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function nameOf(part: object): string {
  const { name } = part.constructor ?? {};
  return typeof name === 'string' && name !== '' ? name : 'class instance';
}
