/**
 * Single-use codes that go to an account by mail: 12 characters of Crockford's base 32, 60 bits. The database has their
 * hashes alone; that many bits are more than can be tried against one within the half hour that it is good for.
 * @source Douglas Crockford, "Base 32": no I, L, O or U; case does not matter, O reads as 0, I and L as 1.
 */
import { createHash, randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** So many letters and digits by chance: 5 bits each. */
export function randomLetters(count: number): string {
  return toLetters(randomBytes(count));
}

/** One letter or digit for each byte. 256 is a multiple of 32: none comes more often than another. */
export function toLetters(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('');
}

/** A new code, as people read it: `7KQ2-M0XV-93TB`. */
export function makeCode(): string {
  return inGroups(randomLetters(12), 4);
}

export function inGroups(letters: string, size: number): string {
  return letters.match(new RegExp(`.{1,${size}}`, 'g'))?.join('-') ?? '';
}

/** What somebody typed → what was meant. */
export function readCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}

/** What the database keeps of a code: SHA-256, hexadecimal; of another account the same code is another. */
export function hashOfCode(account: string, code: string): string {
  return createHash('sha256')
    .update(`roost code\n${account}\n${readCode(code)}`)
    .digest('hex');
}
