/** A typed line taken apart: words, quoted ones, `key=value`, and JSON as a value. */

export type Word = {
  /** Without its quotes; of `key=value` all of it. */
  readonly text: string;
  /** Where it begins in the line. */
  readonly at: number;
  /** Of `key=value`. */
  readonly key?: string;
  readonly value?: string;
};

const keyPattern = /^([A-Za-z][\w-]*)=/;
const closing: ReadonlyMap<string, string> = new Map([
  ['{', '}'],
  ['[', ']'],
]);

/**
 * Brackets of a line whose ends are looked for in vain. After that one is a character like others: a line of them would take
 * its square.
 */
const unclosedMost = 8;

/** Never throws: what is not closed goes to the end of the line. */
export function splitWords(line: string): readonly Word[] {
  const words: Word[] = [];
  let at = 0;
  let unclosed = 0;
  for (;;) {
    while (at < line.length && isBlank(line, at)) at += 1;
    if (at >= line.length) return words;
    const key = keyPattern.exec(line.slice(at, at + 66))?.[1];
    const from = key === undefined ? at : at + key.length + 1;
    const isJson = closing.has(line[from] ?? '') && unclosed < unclosedMost;
    const jsonEnd = isJson ? findJsonEnd(line, from) : undefined;
    if (isJson && jsonEnd === undefined) unclosed += 1;
    const { text, end } =
      jsonEnd === undefined ? readValue(line, from) : { text: line.slice(from, jsonEnd), end: jsonEnd };
    words.push(key === undefined ? { text, at } : { text: `${key}=${text}`, at, key, value: text });
    at = end;
  }
}

/** The line from a word on, as it was typed. */
export function restFrom(line: string, word: Word | undefined): string {
  return word === undefined ? '' : line.slice(word.at).trim();
}

function readValue(line: string, from: number): { readonly text: string; readonly end: number } {
  const first = line[from] ?? '';
  if (first === '"' || first === "'") return readQuoted(line, from, first);
  let end = from;
  while (end < line.length && !isBlank(line, end)) end += 1;
  return { text: line.slice(from, end), end };
}

/** A backslash takes the next character as it is. */
function readQuoted(line: string, from: number, quote: string): { readonly text: string; readonly end: number } {
  let text = '';
  let at = from + 1;
  for (; at < line.length && line[at] !== quote; at++) {
    if (line[at] === '\\' && at + 1 < line.length) at += 1;
    text += line[at];
  }
  return { text, end: Math.min(at + 1, line.length) };
}

/** Where the object or array that begins here ends; undefined when it does not. */
function findJsonEnd(line: string, from: number): number | undefined {
  const open: string[] = [];
  let quoted = false;
  for (let at = from; at < line.length; at++) {
    const char = line[at] as string;
    if (quoted) {
      if (char === '\\') at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (closing.has(char)) open.push(closing.get(char) as string);
    else if (char === open.at(-1)) open.pop();
    if (open.length === 0) return at + 1;
  }
  return undefined;
}

function isBlank(line: string, at: number): boolean {
  return line[at] === ' ' || line[at] === '\t';
}
