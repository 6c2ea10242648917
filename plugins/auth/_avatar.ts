/**
 * A picture to be known by, as text: what a page shows is on this server or in the text itself, so that nobody learns from
 * his avatar who looks at it.
 */
import { line, z } from 'roost/plugin';

/** Pixels. A few KB may be a picture that fills the memory of whoever looks at it. */
const sideMost = 256;

/** A file of this server: `/farmyard/faces/hen.png`. */
const path = z
  .string()
  .regex(/^\/(?!\/)[\w./~%-]{1,500}$/, 'wanted a path on this server')
  .refine(hasNoSteps);
/** A small picture in the text itself: of one form, that holds no script and says first how large it is. */
const picture = z
  .string()
  .max(8192)
  .regex(/^data:image\/png;base64,[A-Za-z0-9+/]+={0,2}$/, 'wanted a data: address of a PNG')
  .refine(isSmallPng, `wanted a PNG of at most ${sideMost} × ${sideMost}`);
/** An emoji, or a name that the game knows; no other address. */
const word = line(64).refine((text) => !/^[a-z][\w+.-]*:|^[/\\]/i.test(text), 'wanted no address');

/** @source PNG (W3C), 5.2 and 11.2.2: eight bytes, then the chunk IHDR with width and height. */
function isSmallPng(text: string): boolean {
  const bytes = Buffer.from(text.slice(text.indexOf(',') + 1), 'base64');
  if (bytes.length < 24 || bytes.toString('latin1', 0, 16) !== '\x89PNG\r\n\x1a\n\0\0\0\rIHDR') return false;
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)].every((side) => side >= 1 && side <= sideMost);
}

function hasNoSteps(text: string): boolean {
  return !decoded(text).split('/').includes('..');
}

function decoded(text: string): string {
  return text.replace(/%2e/gi, '.').replace(/%2f/gi, '/');
}

export const avatar = z.union(
  [path, picture, word],
  `wanted an emoji or a word, a path on this server, or a PNG of at most ${sideMost} × ${sideMost} as a data: address`,
);
