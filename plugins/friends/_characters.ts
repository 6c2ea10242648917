/** Who is meant, and who means it. Friends are characters of accounts; guests are gone when they leave. */
import { type Caller, type Host, HostError, toSkeleton, z } from 'roost/plugin';

/** Params: a name as somebody writes it. */
export const someName = z.string().min(1).max(64);

export type Person = { readonly owner: string; readonly name: string };

const prefix = 'character:';

/** The character that the caller plays or has chosen. @throws HostError character.none */
export function selfOf({ owner, name }: Caller): Person {
  if (!owner.startsWith(prefix) || name === null) throw new HostError('character.none');
  return { owner, name };
}

/** The same, or a guest who is in a zone. @throws HostError character.none */
export function anyoneOf({ owner, name, zone }: Caller): Person {
  if (name === null || (zone === null && !owner.startsWith(prefix))) throw new HostError('character.none');
  return { owner, name };
}

/** The character of exactly this name, wherever it is. @throws HostError friends.unknown */
export async function getCharacter(host: Host, given: string): Promise<Person> {
  const name = given.normalize('NFKC').trim();
  const [row] = await host.db.read('select id, name from characters where name_key = ? and gone is null', [
    toSkeleton(name),
  ]);
  if (row?.name !== name) throw unknown(name);
  return { owner: `${prefix}${row.id}`, name };
}

/** The same, or a guest who is present. @throws HostError friends.unknown */
export async function getAnybody(host: Host, given: string): Promise<Person> {
  const name = given.normalize('NFKC').trim();
  const owner = host.sessions.ownerOf(name);
  return owner === null ? getCharacter(host, name) : { owner, name };
}

/** Names of characters that there are, by owner. */
export async function namesOf({ db }: Host, owners: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ids = owners.map((owner) => owner.slice(prefix.length));
  if (ids.length === 0) return new Map();
  const marks = ids.map(() => '?').join(', ');
  const rows = await db.read(`select id, name from characters where gone is null and id in (${marks})`, ids);
  return new Map(rows.map(({ id, name }) => [`${prefix}${id}`, String(name)]));
}

function unknown(name: string): HostError {
  return new HostError('friends.unknown', `There is no character "${name}"`);
}
