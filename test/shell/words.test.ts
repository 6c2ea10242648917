import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPrintable } from '../../core/shell/printable.ts';
import { splitWords } from '../../core/shell/words.ts';
import { runs } from '../support/fuzz.ts';

const texts = (line: string) => splitWords(line).map(({ text }) => text);

describe('words', () => {
  it('are parted by blanks; quotes and JSON hold together', () => {
    expect(texts('  say   hello there ')).toEqual(['say', 'hello', 'there']);
    expect(texts('chat.say text="hello there"')).toEqual(['chat.say', 'text=hello there']);
    expect(texts("tell Hare it's late")).toEqual(['tell', 'Hare', "it's", 'late']);
    expect(texts('a params={"a": [1, "}"]} b')).toEqual(['a', 'params={"a": [1, "}"]}', 'b']);
    expect(texts('"a \\"b\\"" c')).toEqual(['a "b"', 'c']);
  });
  it('key=value is told apart by its key', () => {
    expect(splitWords('x k=v')[1]).toEqual({ text: 'k=v', key: 'k', value: 'v', at: 2 });
    expect(splitWords('1=2')[0]).toEqual({ text: '1=2', at: 0 });
  });
  it('whatever is typed is taken apart, and nothing is lost at the beginning of a word', () => {
    const piece = fc.constantFrom('"', "'", '{', '[', ']', '}', '\\', '=', ' ', 'a', 'key=', '\t', '1', 'é', '😀');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const line = pieces.join('');
        for (const { at } of splitWords(line)) expect(line[at]).not.toMatch(/[ \t]/);
        expect(splitWords(line).length > 0).toBe(line.trim() !== '');
      }),
      runs(200),
    );
  });
});

describe('what a terminal would obey', () => {
  it.each([
    ['a\u001b[31mred\u001b[0m', 'ared'],
    ['\u001b]0;title\u0007x', 'x'],
    ['\u009b2Jx', 'x'],
    ['\u001bPq#0\u001b\\x', 'x'],
    ['bell\u0007 back\b\b', 'bell back'],
    ['one\r\ntwo', 'onetwo'],
    ['\u001b', ''],
    ['\u202eback', 'back'],
    ['tab\there', 'tab here'],
    ['plain é 😀', 'plain é 😀'],
  ])('%j is shown as %j', (text, shown) => {
    expect(toPrintable(text)).toBe(shown);
  });
});
