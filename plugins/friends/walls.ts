import { defineMethod, type Host, z } from 'roost/plugin';

const character = 'character:';
const account = 'account:';

/**
 * Tells who of these has blocked whom, or was blocked by whom: people, each an owner, or `account:` and the id of an account, which
 * is whoever plays any of its characters. A character of an account is told as that.
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ people: z.array(z.string().max(80)).min(1).max(200) }),
  async handle({ params: { people }, host }) {
    const accounts = people.filter((one) => one.startsWith(account)).map((one) => one.slice(account.length));
    const mine = await accountsOf(host, 'account', accounts);
    const owners = [...people.filter((one) => !one.startsWith(account)), ...mine.keys()];
    if (owners.length === 0) return { walls: [] };
    const rows = await host.db.read(
      `select owner, other from blocks where owner in (${marks(owners)}) or other in (${marks(owners)})`,
      [...owners, ...owners],
    );
    const pairs = rows.map(({ owner, other }) => [String(owner), String(other)]);
    const ids = pairs.flat().filter((owner) => owner.startsWith(character) && !mine.has(owner));
    const known = await accountsOf(
      host,
      'id',
      [...new Set(ids)].map((owner) => owner.slice(character.length)),
    );
    const personOf = (owner: string) => mine.get(owner) ?? known.get(owner) ?? owner;
    return { walls: pairs.map((pair) => pair.map(personOf)) };
  },
});

/** By owner the person: also of those that are deleted, whose blocks count as long as they are kept. */
async function accountsOf(host: Host, by: 'account' | 'id', ids: readonly string[]) {
  // A node without accounts has no such table.
  if (ids.length === 0) return new Map<string, string>();
  const rows = await host.db.read(`select id, account from characters where ${by} in (${marks(ids)})`, ids);
  return new Map(rows.map((row) => [`${character}${row.id}`, `${account}${row.account}`]));
}

function marks(values: readonly string[]): string {
  return values.map(() => '?').join(', ');
}
