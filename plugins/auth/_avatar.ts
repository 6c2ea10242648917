/**
 * A picture to be known by, as text: what a page shows is on this server or in the text itself, so that nobody learns from
 * his avatar who looks at it.
 */
import { line, z } from 'roost/plugin';

/** A file of this server: `/farmyard/faces/hen.png`. */
const path = z
  .string()
  .regex(/^\/(?!\/)[\w./~%-]{1,500}$/, 'wanted a path on this server')
  .refine(hasNoSteps);
/** A small picture: PNG, JPEG, GIF or WebP, never one that can hold a script. */
const picture = z
  .string()
  .max(8192)
  .regex(/^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}$/, 'wanted a data: address of a picture');
/** An emoji, or a name that the game knows; no other address. */
const word = line(64).refine((text) => !/^[a-z][\w+.-]*:|^[/\\]/i.test(text), 'wanted no address');

function hasNoSteps(text: string): boolean {
  return !decoded(text).split('/').includes('..');
}

function decoded(text: string): string {
  return text.replace(/%2e/gi, '.').replace(/%2f/gi, '/');
}

export const avatar = z.union([path, picture, word]);
