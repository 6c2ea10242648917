/** Looks for secrets in whatever a node wrote: also where they were put into another coat on the way. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What is searched: a file or a stream by name. */
export type Place = { readonly name: string; readonly bytes: Buffer };

/** Name → the secret. */
export type Secrets = ReadonlyMap<string, string>;

/** `place: secret (coat)` for each that is found. */
export function findSecrets(places: readonly Place[], secrets: Secrets): readonly string[] {
  return places.flatMap(({ name, bytes }) =>
    [...secrets].flatMap(([secret, text]) =>
      coats(text)
        .filter(([, wanted]) => bytes.includes(wanted))
        .map(([coat]) => `${name}: ${secret} (${coat})`),
    ),
  );
}

function coats(text: string): readonly (readonly [coat: string, bytes: Buffer])[] {
  const bytes = Buffer.from(text);
  return [
    ['plain', bytes],
    ['lower case', Buffer.from(text.toLowerCase())],
    ['upper case', Buffer.from(text.toUpperCase())],
    ['backwards', Buffer.from([...text].reverse().join(''))],
    ['utf-16', Buffer.from(text, 'utf16le')],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ...[0, 1, 2].flatMap((shift) =>
      (['base64', 'base64url'] as const).map(
        (alphabet) => [`${alphabet}, ${shift}`, Buffer.from(inner(bytes, shift, alphabet))] as const,
      ),
    ),
    ['escaped', Buffer.from(encodeURIComponent(text))],
  ];
}

/** The part of its base64 that is the same whatever stands around it; `shift` bytes of the last three before it are others'. */
function inner(bytes: Buffer, shift: number, alphabet: 'base64' | 'base64url'): string {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
  const text = whole.toString(alphabet).replace(/=+$/, '');
  return text.slice(shift === 0 ? 0 : shift + 1, whole.length % 3 === 0 ? undefined : -1);
}

/** Every file below a folder as it is now. One that goes away meanwhile is passed over. */
export async function filesOf(folder: string): Promise<readonly Place[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const places = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const bytes = await readFile(join(parentPath, name)).catch(unlessGone);
        return bytes && { name, bytes };
      }),
  );
  return places.filter((place) => place !== undefined);
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** Anything as the text it would be sent as. */
export function toPlace(name: string, value: unknown): Place {
  return { name, bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) };
}
