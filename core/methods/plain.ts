/** Whether a value can cross the wire as JSON: plain, bounded in size and depth. */

export type Bounds = {
  /** UTF-8 bytes as JSON, about. */
  readonly bytes: number;
  /** Arrays and objects inside each other. */
  readonly depth: number;
};

/** What strangers send: the door has bounded the bytes before. */
export const paramsBounds: Bounds = { bytes: 1_048_576, depth: 32 };
/** What handlers answer. */
export const resultBounds: Bounds = { bytes: 262_144, depth: 32 };

/**
 * Says why a value is not plain JSON within bounds, or undefined when it is. Properties with the value `undefined` are
 * left out by JSON and allowed. Cycles end at the depth, values shared many times at the bytes.
 */
export function findFlaw(value: unknown, bounds: Bounds): string | undefined {
  let bytes = 0;
  return look(value, bounds.depth);

  function look(part: unknown, depth: number): string | undefined {
    bytes += typeof part === 'string' ? Buffer.byteLength(part) + 2 : 4;
    if (bytes > bounds.bytes) return `it has more than ${bounds.bytes} bytes`;
    switch (typeof part) {
      case 'string':
      case 'boolean':
      case 'undefined':
        return undefined;
      case 'number':
        return Number.isFinite(part) ? undefined : `${part} is no JSON number`;
      case 'object':
        return part === null ? undefined : inside(part, depth);
      default:
        return `a ${typeof part} is no JSON`;
    }
  }

  function inside(part: object, depth: number): string | undefined {
    if (depth === 0) return `it is nested deeper than ${bounds.depth}`;
    if (Array.isArray(part)) return first(part.length, (at) => look(part[at], depth - 1));
    const prototype: unknown = Object.getPrototypeOf(part);
    if (prototype !== null && prototype !== Object.prototype) return `a ${nameOf(part)} is no plain object`;
    const keys = Object.keys(part);
    return first(keys.length, (at) => {
      const key = keys[at] as string;
      if (key === '__proto__') return 'it has the key __proto__';
      bytes += Buffer.byteLength(key) + 4;
      return look((part as Record<string, unknown>)[key], depth - 1);
    });
  }
}

function first(count: number, look: (at: number) => string | undefined): string | undefined {
  for (let at = 0; at < count; at++) {
    const flaw = look(at);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function nameOf(part: object): string {
  const { name } = part.constructor ?? {};
  return typeof name === 'string' && name !== '' ? name : 'class instance';
}
