/** Checks of values that come out of scripts: what they may hold, how big, how deep. Each answers why not, or null. */
import type { Json, JsonObject, Look } from '../contract/content.ts';

export const valueLimits = {
  /** Characters of a text somebody reads. */
  text: 500,
  /** Characters of a name of something in code (effect, question, kind, timer). */
  name: 64,
  /** Characters of a name or choice that people read. */
  label: 100,
  words: 32,
  /** Of a field's value it is one less. */
  depth: 17,
  /** `keep` has values of fields further down: by part, script and player. */
  keepDepth: 22,
  /** Bytes of `state`, and of `own`. */
  state: 16 * 1024,
  /** Bytes of `keep`: secrets, memories of many characters, and what `migrate` changed as it was before. */
  keep: 128 * 1024,
  /** Bytes of all states of a zone: together they must fit into one frame, twice. */
  zone: 4 * 1024 * 1024,
  /** Bytes of what a message, effect or emit carries. */
  data: 4 * 1024,
} as const;

type Left = { bytes: number; readonly depth: number };

/** Why plain data may not be kept: too deep, too big, broken text, forbidden keys. */
export function whyNotData(value: Json, maxBytes: number, depth: number = valueLimits.depth): string | null {
  const left = { bytes: maxBytes, depth };
  const wrong = walk(value, 0, left);
  return wrong ?? (left.bytes < 0 ? `it is bigger than ${maxBytes} bytes` : null);
}

/** The same for a group of fields: what an isolate says is one may be anything. */
export function whyNotGroup(value: unknown, maxBytes: number, depth?: number): string | null {
  return isObject(value) ? whyNotData(value, maxBytes, depth) : 'it is not an object';
}

/** About how many bytes plain data takes as JSON. */
export function sizeOf(value: Json): number {
  const left = { bytes: Number.MAX_SAFE_INTEGER, depth: Number.MAX_SAFE_INTEGER };
  walk(value, 0, left);
  return Number.MAX_SAFE_INTEGER - left.bytes;
}

/** Counts what the value takes as JSON; stops when the budget is spent, so that a huge one costs little. */
function walk(value: Json, depth: number, left: Left): string | null {
  if (left.bytes < 0) return null;
  switch (typeof value) {
    case 'string':
      return takeText(value, left);
    case 'number':
      left.bytes -= Number.isInteger(value) && Math.abs(value) < 1e7 ? 8 : Math.max(8, String(value).length);
      return Number.isFinite(value) ? null : 'a number is not finite';
    case 'boolean':
      left.bytes -= 5;
      return null;
    case 'object':
      if (value === null) {
        left.bytes -= 4;
        return null;
      }
      if (depth >= left.depth) return `it is nested deeper than ${left.depth - 1}`;
      return isList(value) ? walkList(value, depth, left) : walkObject(value, depth, left);
    default:
      return `a ${typeof value} is not data`;
  }
}

function walkList(list: readonly Json[], depth: number, left: Left): string | null {
  left.bytes -= 2 + list.length;
  for (const value of list) {
    const wrong = walk(value, depth + 1, left);
    if (wrong) return wrong;
    if (left.bytes < 0) return null;
  }
  return null;
}

function walkObject(object: JsonObject, depth: number, left: Left): string | null {
  left.bytes -= 2;
  for (const key of Object.keys(object)) {
    if (key === '__proto__') return 'a key is called __proto__';
    const wrong = takeText(key, left) ?? walk(object[key] as Json, depth + 1, left);
    if (wrong) return wrong;
    left.bytes -= 2;
    if (left.bytes < 0) return null;
  }
  return null;
}

function takeText(text: string, left: Left): string | null {
  left.bytes -= text.length + 2;
  if (left.bytes < 0) return null;
  // As JSON: a control character takes six bytes there, and a frame must hold them all.
  left.bytes -= Buffer.byteLength(JSON.stringify(text)) - text.length - 2;
  if (!text.isWellFormed()) return 'a text has half a character';
  return text.includes('\0') ? 'a text has a NUL' : null;
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text for people: no control or direction-changing characters, whole characters, no longer than `most`. */
export function cleanText(value: unknown, most: number = valueLimits.text): string {
  if (typeof value !== 'string') return '';
  const text = value
    .slice(0, most * 2)
    .toWellFormed()
    .replace(unwanted, ' ');
  return text.length <= most ? text : text.slice(0, most).toWellFormed();
}

/** C0 and C1 controls, line and paragraph separators, and marks that turn the direction of what follows. */
const unwanted = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

const lookKeys = ['shape', 'color', 'size', 'width', 'height', 'sprite', 'emoji', 'label'];
const lookNumbers = ['size', 'width', 'height'];

export function whyNotLook(look: unknown): string | null {
  if (look === null) return null;
  if (typeof look === 'string') return look.length <= valueLimits.label ? null : 'the look is too long';
  if (!isObject(look)) return 'a look is a text or an object';
  for (const [key, value] of Object.entries(look)) {
    if (!lookKeys.includes(key)) return `a look has no ${cleanText(key, 40)}`;
    const wanted = lookNumbers.includes(key) ? 'number' : 'string';
    if (typeof value !== wanted) return `${key} of a look is a ${wanted}`;
  }
  return whyNotData(look, 1024);
}

/** The look as it is kept; texts in it are shown to people. */
export function cleanLook(look: Look | null): Look | null {
  if (look === null) return null;
  if (typeof look === 'string') return cleanText(look, valueLimits.label);
  return look.label === undefined ? look : { ...look, label: cleanText(look.label, valueLimits.label) };
}

export function areFinite(...numbers: readonly unknown[]): boolean {
  return numbers.every((n) => typeof n === 'number' && Number.isFinite(n));
}
