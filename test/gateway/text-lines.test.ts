/** Bytes → lines, however the network parts them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readKv, usualForm, writeKv } from '../../core/gateway/text/kv.ts';
import { type Read, type Telnet, TextLines } from '../../core/gateway/text/lines.ts';
import { runs } from '../support/fuzz.ts';

type Options = { readonly byHand?: boolean; readonly tilde?: boolean; readonly most?: number };

function readAll(pieces: readonly Uint8Array[], { byHand = true, tilde = false, most = 64 }: Options = {}) {
  const telnets: Telnet[] = [];
  const lines = new TextLines(most, (heard) => telnets.push(heard));
  lines.byHand = byHand;
  lines.tilde = tilde;
  const reads: Read[] = [];
  for (const piece of pieces) {
    lines.push(Buffer.from(piece));
    for (let read = lines.next(); read !== undefined; read = lines.next()) reads.push(read);
  }
  return { reads, telnets, isHalf: lines.isHalf };
}

const bytes = (text: string) => Buffer.from(text);
const texts = (text: string, options: Options = {}) =>
  readAll([bytes(text)], options).reads.map((read) => (read.kind === 'line' ? read.text : read.kind));

describe('lines of the text port', () => {
  it('TXT-05 end with LF, CR LF, CR, CR NUL and NUL alike', () => {
    expect(texts('a\nb\r\nc\rd\r\0e\0\n\0')).toEqual(['a', 'b', 'c', 'd', 'e', '', '']);
    expect(texts('a~b\n')).toEqual(['a~b']);
    expect(texts('a~b\n', { tilde: true })).toEqual(['a', 'b']);
  });
  it('TXT-05 that are too long are told once, and what follows is read', () => {
    expect(texts(`${'x'.repeat(500)}\nok\n`)).toEqual(['too-long', 'ok']);
    expect(texts('x'.repeat(64).concat('\n'))).toEqual(['x'.repeat(64)]);
  });
  it('are edited where people type, and left as they are where programs do', () => {
    expect(texts('héé\x7f\x08llo\n')).toEqual(['hllo']);
    expect(texts('all of it\x15two words\x17one\n')).toEqual(['two one']);
    expect(texts('gone\x03\x04\n')).toEqual(['interrupt', 'end', '']);
    expect(texts('a\x7fb\n', { byHand: false })).toEqual(['a\x7fb']);
  });
  it('have no negotiation of telnet in them', () => {
    const { reads, telnets } = readAll([
      Uint8Array.from([255, 253, 1, 104, 255, 250, 31, 0, 80, 255, 255, 24, 255, 240, 105, 255, 241, 10, 255, 244]),
    ]);
    expect(reads).toEqual([{ kind: 'line', text: 'hi', end: 'lf' }, { kind: 'interrupt' }]);
    expect(telnets).toEqual([
      { command: 253, option: 1, data: [] },
      { command: 250, option: 31, data: [0, 80, 255, 24] },
    ]);
  });
  it('are no text where the byte 255 is a letter, and end where they end', () => {
    expect(
      readAll([Uint8Array.from([97, 255, 10]), bytes('b\n'), Uint8Array.from([255, 97, 255, 255, 10])]).reads,
    ).toEqual([
      { kind: 'not-text', end: 'lf' },
      { kind: 'line', text: 'b', end: 'lf' },
      { kind: 'not-text', end: 'lf' },
    ]);
  });
  it('are edited by the commands of telnet too', () => {
    const { reads, telnets } = readAll([bytes('gone'), Uint8Array.from([255, 248, 97, 98, 255, 247, 255, 246, 10])]);
    expect(reads).toEqual([{ kind: 'line', text: 'a', end: 'lf' }]);
    expect(telnets).toEqual([{ command: 246, option: 0, data: [] }]);
  });
  it('tell of a Control-C before it is read, and once of a last line without an end', () => {
    for (const interrupt of [[3], [255, 244]]) {
      const lines = new TextLines(64, () => {});
      lines.push(Buffer.from([97, 10]));
      expect(lines.holdsInterrupt).toBe(false);
      lines.push(Buffer.from(interrupt));
      expect(lines.holdsInterrupt).toBe(true);
      expect([lines.next(), lines.next(), lines.holdsInterrupt]).toMatchObject([
        { text: 'a' },
        { kind: 'interrupt' },
        false,
      ]);
      lines.push(bytes('half'));
      expect([lines.next(), lines.end(), lines.end()]).toEqual([undefined, { kind: 'unended' }, undefined]);
    }
  });
  it('a negotiation that does not end takes no line with it for ever', () => {
    const { reads } = readAll([Uint8Array.from([255, 250, ...new Array<number>(2_000).fill(65)]), bytes('\nok\n')]);
    expect(reads.at(-1)).toMatchObject({ kind: 'line', text: 'ok' });
  });
  it('TXT-05 are the same, however the bytes are parted, and whatever they are', () => {
    const stream = fc.array(
      fc.oneof(
        fc.constantFrom(...[10, 13, 0, 255, 250, 240, 251, 8, 127, 21, 3, 4, 126, 0xc3, 0xa9, 0x80, 32, 97]),
        fc.integer({ min: 0, max: 255 }),
      ),
      { maxLength: 200 },
    );
    const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 10 });
    fc.assert(
      fc.property(stream, cuts, fc.boolean(), fc.boolean(), (values, at, byHand, tilde) => {
        const whole = Uint8Array.from(values);
        const edges = [0, ...at.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const pieces = edges.slice(1).map((edge, index) => whole.slice(edges[index], edge));
        const options = { byHand, tilde, most: 20 };
        const parted = readAll(pieces, options);
        expect(parted).toEqual(readAll([whole], options));
        for (const read of parted.reads)
          if (read.kind === 'line') {
            expect(Buffer.byteLength(read.text)).toBeLessThanOrEqual(20);
            expect(read.text).not.toMatch(/[\n\r\0]/);
          }
      }),
      runs(300),
    );
  });
});

describe('keys and values', () => {
  it('TXT-06 are read in both of the older forms', () => {
    expect([...(readKv('msg=login&player=Fox%26Co&pw=a%3Db')?.fields ?? [])]).toEqual([
      ['msg', 'login'],
      ['player', 'Fox&Co'],
      ['pw', 'a=b'],
    ]);
    expect([...(readKv('msg:login,player:Fox')?.fields ?? [])]).toEqual([
      ['msg', 'login'],
      ['player', 'Fox'],
    ]);
    expect([...(readKv('who')?.fields ?? [])]).toEqual([['msg', 'who']]);
    for (const line of ['a=1&a=2', '=1', 'a=1&&b=2', '100% sure']) expect(readKv(line)).toBeUndefined();
    expect(readKv('msg=100%')?.fields.get('msg')).toBe('100%');
  });
  it('whatever is written can be read again, on one line', () => {
    const key = fc.stringMatching(/^[a-z][a-z0-9.]{0,8}$/);
    fc.assert(
      fc.property(fc.dictionary(key, fc.string({ unit: 'grapheme', maxLength: 20 }), { minKeys: 1 }), (fields) => {
        const line = writeKv(usualForm, Object.entries({ msg: 'x', ...fields }));
        expect(line).not.toMatch(/[~\r\n\0]/);
        expect(readKv(line)?.fields).toEqual(new Map(Object.entries({ msg: 'x', ...fields })));
      }),
      runs(200),
    );
  });
});
