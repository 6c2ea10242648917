/** What strangers wrote, for a terminal: nothing in it is obeyed. */

/** Escape sequences as a whole: CSI, OSC and other strings, and two-character ones; also their one-byte forms. */
const sequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[PX^_\]]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?/gu;
/** Controls, ends of lines, and marks that turn a line around. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
const turning = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** One line as it may be shown. Blanks in it stay. */
export function toPrintable(text: string): string {
  return text.toWellFormed().replace(sequences, '').replace(/\t/g, ' ').replace(controls, '').replace(turning, '');
}

/** Cut to so many characters, with a mark when something is missing. */
export function clip(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, Math.max(0, most - 1)).join('')}…`;
}

/** In lines of at most so many characters, parted between words where there are any. */
export function wrap(text: string, columns: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length > indent.length && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent;
    }
    line += line.length > indent.length ? ` ${word}` : word;
  }
  return [...lines, line];
}

/** Filled with blanks to so many characters. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}
