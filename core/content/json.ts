/** JSON of designers' files: what it says, and where in the text something stands. */
import type { JsonPath } from './wrong.ts';

/** Starts at 1. */
export type Position = { readonly line: number; readonly column: number };

export type Parsed =
  | { readonly kind: 'ok'; readonly value: unknown }
  | ({ readonly kind: 'wrong'; readonly message: string } & Position);

export function parseJson(text: string): Parsed {
  try {
    return { kind: 'ok', value: JSON.parse(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const told = / at position (\d+)/.exec(message);
    const offset = told ? Number(told[1]) : firstBreak(text);
    const short = message.replace(/ (in JSON )?at position .*$/, '').replace(/, ".*/s, '');
    return { kind: 'wrong', message: `this is not JSON: ${short}`, ...positionAt(text, offset) };
  }
}

/**
 * Where the value at a path stands, or the nearest thing around it when there is none.
 * @param text  JSON that parses.
 * @param what  `key`: where its key stands instead.
 */
export function locate(text: string, path: JsonPath, what: 'key' | 'value' = 'value'): Position {
  for (let length = path.length; length > 0; length--) {
    const offset = offsetOf(text, path.slice(0, length), what);
    if (offset !== undefined) return positionAt(text, offset);
  }
  return positionAt(text, Math.max(0, text.search(/\S/)));
}

export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
    line++;
    start = end + 1;
  }
  return { line, column: Math.min(offset, text.length) - start + 1 };
}

const token = /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|([-+.\w]+))/y;

type Open = { readonly array: boolean; index: number; key: string; keyAt: number };

function offsetOf(text: string, path: JsonPath, what: 'key' | 'value'): number | undefined {
  const open: Open[] = [];
  const isHere = () =>
    open.length === path.length && open.every((at, i) => (at.array ? at.index === path[i] : at.key === path[i]));
  let before = '';
  token.lastIndex = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [all, mark, quoted] = match;
    const at = match.index + all.length - (mark ?? quoted ?? match[3] ?? '').length;
    const top = open.at(-1);
    if (quoted !== undefined && top && !top.array && (before === '{' || before === ',')) {
      top.key = JSON.parse(quoted) as string;
      top.keyAt = at;
    } else if (mark === undefined || mark === '{' || mark === '[') {
      if (isHere()) return what === 'key' && top && !top.array ? top.keyAt : at;
      if (mark) open.push({ array: mark === '[', index: 0, key: '', keyAt: at });
    } else if (mark === ',' && top) {
      top.index++;
    } else if (mark !== ':') {
      open.pop();
    }
    before = mark ?? '';
  }
  return undefined;
}

/** Where the text stops being made of pieces of JSON: V8 does not always say. */
function firstBreak(text: string): number {
  let end = 0;
  token.lastIndex = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const word = match[3];
    if (word !== undefined && !/^(true|false|null|-?\d[\d.eE+-]*)$/.test(word)) {
      return match.index + match[0].length - word.length;
    }
    end = token.lastIndex;
  }
  const rest = text.slice(end).search(/\S/);
  return rest === -1 ? end : end + rest;
}
