/** Who writes, and who is written to. */
import { type Caller, type Host, HostError, type Json, z } from 'roost/plugin';

/** A character, under whose name an account writes. */
export type Sender = { readonly account: string; readonly character: string; readonly name: string };

/** A name that is written to, and the account whose box it is. */
export type Address = {
  readonly account: string;
  /** `character:` or `account:` and the id. */
  readonly address: string;
  /** As it is written. */
  readonly name: string;
};

const prefix = 'character:';
const foundCharacter = z.object({ owner: z.string(), account: z.string(), name: z.string() }).nullable();
const foundAccount = z.object({ id: z.string(), name: z.string() }).nullable();
const characters = z.array(z.object({ owner: z.string() }));
const verdict = z.object({ blocked: z.boolean() });

/** Id of the account whose box the caller may open: his own. @throws HostError call.forbidden */
export function boxOf({ account }: Caller): string {
  if (!account || account.privileges.includes('bot'))
    throw new HostError('call.forbidden', 'Needs a login of your own', { needs: 'account' });
  return account.id;
}

/**
 * The character that the caller plays or has chosen, else the one that came into a zone last: over HTTP nobody plays one. Nobody
 * writes under the name of his account, which is not for others, and whom nobody could block.
 * @throws HostError character.none
 */
export async function senderOf(host: Host, caller: Caller): Promise<Sender> {
  const account = boxOf(caller);
  const { owner, name } = caller;
  if (owner.startsWith(prefix) && name !== null) return { account, character: owner.slice(prefix.length), name };
  const [row] = await host.db.read(
    `select id, name from characters where account = ? and gone is null
     order by coalesce(last_seen, 0) desc, name_key limit 1`,
    [account],
  );
  if (!row) throw new HostError('character.none', 'Mail goes under the name of a character: create one first');
  return { account, character: String(row.id), name: String(row.name) };
}

/**
 * Who has this name, in any case: a character of an account, else an account. Guests, bots and names that only look the same
 * have no box.
 */
export async function findAddress(host: Host, given: string): Promise<Address | undefined> {
  const wanted = given.normalize('NFKC').trim();
  const ask = (method: string, params: Json) => host.call(method, params, { as: 'server' });
  const isSame = (name: string) => name.toLowerCase() === wanted.toLowerCase();
  const character = foundCharacter.parse(await ask('character.find', { name: wanted }));
  if (character !== null && isSame(character.name)) {
    const { account, owner: address, name } = character;
    // A bot has characters too, and nobody who reads.
    return (await ask('auth.find', { id: account })) === null ? undefined : { account, address, name };
  }
  const account = foundAccount.parse(await ask('auth.find', { name: wanted.slice(0, 64) }));
  return account === null ? undefined : { account: account.id, address: `account:${account.id}`, name: account.name };
}

/** Whether a character that is written to has blocked the sender's; of an account any of its characters. */
export async function isBlocked(host: Host, { character }: Sender, { account, address }: Address): Promise<boolean> {
  const sender = `${prefix}${character}`;
  const owners = address.startsWith(prefix)
    ? [address]
    : characters.parse(await host.call('character.of', { account }, { as: 'server' })).map(({ owner }) => owner);
  const asked = owners.map((owner) => host.call('friends.blocks', { owner, other: sender }, { as: 'server' }));
  return (await Promise.all(asked)).some((told) => verdict.parse(told).blocked);
}
