/**
 * Text that strangers write and others read: one normal form, nothing invisible, nothing that reorders a line.
 * @source Unicode Standard Annex #9 (bidirectional text), #15 (normal forms); Unicode Technical Report #36.
 */

/** Controls become blanks, so that words on two lines stay two words. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/**
 * Never shown: lone surrogates, unassigned and private code points, zero-width and bidirectional marks, soft hyphens,
 * tags, invisible letters. The joiners of emoji and scripts (U+200C, U+200D) stay.
 */
const invisible =
  /[\p{Cs}\p{Cn}\p{Co}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\uffff\u{e0000}-\u{e0fff}]|\u034f|\u17b4|\u17b5/gu;
/** More marks than any language stacks on one base. */
const stackedMarks = /(\p{M}{4})\p{M}+/gu;

/**
 * Cleans one line: NFC, no controls, nothing invisible, at most four marks on a base, no blanks around it.
 * @returns The line, or `''` when nothing visible is left.
 */
export function cleanLine(text: string): string {
  const line = text.normalize('NFC').replace(controls, ' ').replace(invisible, '').replace(stackedMarks, '$1').trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(line) ? line : '';
}

/** Several lines: each cleaned, none before or after the text, and no two empty ones together. */
export function cleanLines(text: string): string {
  return text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map(cleanLine)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
}
