/** Makes what strangers and scripts wrote harmless for a terminal and bounded for a log. */

/** Longest text of one field, in characters. */
const fieldLength = 1_024;
const depthMost = 4;
const itemsMost = 50;

/** C0 but tab and newline, DEL, C1, bidi marks, overrides and isolates, line and paragraph separators, the byte order mark. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const harmful = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The text with harmful characters written out (`\u001b`), lone surrogates replaced, cut at 1 KB. */
export function toPlainText(text: string): string {
  const cut = text.length > fieldLength ? `${text.slice(0, fieldLength)}… (${text.length} characters)` : text;
  return cut
    .toWellFormed()
    .replace(harmful, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Fields of a log line as plain data: harmless texts, at most 4 levels and 50 items each. Errors keep message, code and stack. */
export function toPlain(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return toPlainText(value);
    case 'number':
    case 'boolean':
      return value;
    case 'undefined':
      return undefined;
    case 'object':
      break;
    default:
      return toPlainText(String(value));
  }
  if (value === null) return null;
  if (depth >= depthMost) return '…';
  if (value instanceof Error) return fromError(value, depth);
  if (Array.isArray(value)) return value.slice(0, itemsMost).map((item) => toPlain(item, depth + 1));
  const entries = Object.entries(value).slice(0, itemsMost);
  return Object.fromEntries(entries.map(([key, item]) => [toPlainText(key), toPlain(item, depth + 1)]));
}

function fromError(error: Error, depth: number): object {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    message: toPlainText(error.message),
    ...(code === undefined ? {} : { code: toPlain(code, depth + 1) }),
    // An outcome with a code was foreseen: where it was thrown tells nobody anything.
    ...(error.stack === undefined || error.name === 'HostError'
      ? {}
      : { stack: error.stack.split('\n').slice(0, 12).map(toPlainText) }),
    ...(cause === undefined ? {} : { cause: toPlain(cause, depth + 1) }),
  };
}
