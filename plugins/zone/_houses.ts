/** Zones that accounts own: whose they are. */
import { type Host, HostError, type Row } from 'roost/plugin';

/** Of one account, in all games. */
const ownedMost = 8;

export type House = {
  /** `castle/house`. */
  readonly place: string;
  /** What stands behind the @ in its id: the owner's name when it was made, else something random. */
  readonly house: string;
  readonly account: string;
};

export type Owner = { readonly id: string; readonly name: string; readonly state: string };

const idPattern = /^([a-z0-9-]{1,64}\/[a-z0-9-]{1,64})(?:~[a-z0-9-]{1,64})?(?:@([A-Za-z0-9]{2,24}))?$/;

export function forbidden(message?: string): HostError {
  return new HostError('zone.forbidden', message);
}

export function idOf({ place, house }: House): string {
  return `${place}@${house}`;
}

/** @throws HostError zone.malformed, zone.unknown when nobody can own such a zone */
export function parseHouse(host: Host, zone: string): { readonly place: string; readonly owner: string | null } {
  const match = idPattern.exec(zone);
  if (!match) throw new HostError('zone.malformed');
  const place = match[1] as string;
  const [game = '', name] = place.split('/');
  const spec = host.zones.game(game)?.zones.find((one) => one.name === name);
  if (!spec?.owned) throw new HostError('zone.unknown', `No game has zones "${place}" that somebody owns`);
  return { place, owner: match[2]?.toLowerCase() ?? null };
}

export async function findOwner(
  host: Host,
  by: { readonly id: string } | { readonly name: string },
): Promise<Owner | null> {
  return (await host.call('auth.find', by, { as: 'server' })) as Owner | null;
}

/** Whose house it is that somebody means: his own, the one that has this id, or that of the account with this name. */
export async function findHouse(
  host: Host,
  place: string,
  owner: string | null,
  account: Owner | null,
): Promise<House | undefined> {
  const own = () => (account === null ? undefined : houseOf(host, place, account.id));
  if (owner === null || owner === account?.name.toLowerCase()) return own();
  const [row] = await host.db.read('select * from zone_houses where place = ? and house = ?', [place, owner]);
  if (row) return toHouse(row);
  const named = await findOwner(host, { name: owner });
  return named === null ? undefined : houseOf(host, place, named.id);
}

/** The house of an account at a place, made when it has none. @throws HostError zone.too-many */
export async function makeHouse(host: Host, place: string, { id, name }: Owner): Promise<House> {
  return await host.db.transaction(async (trx) => {
    const owned = (await trx.run('select * from zone_houses where account = ?', [id])).map(toHouse);
    const known = owned.find((one) => one.place === place);
    if (known) return known;
    if (owned.length >= ownedMost) throw new HostError('zone.too-many', `An account owns at most ${ownedMost} zones`);
    // Whoever had the name before keeps the house that is called by it.
    const [other] = await trx.run('select house from zone_houses where place = ? and house = ?', [
      place,
      name.toLowerCase(),
    ]);
    const house = other ? randomHouse(host) : name.toLowerCase();
    const made = host.clock.now();
    await trx.run('insert into zone_houses (place, house, account, made) values (?, ?, ?, ?)', [
      place,
      house,
      id,
      made,
    ]);
    return { place, house, account: id };
  });
}

/** An account's own house, for what its owner does with it. @throws HostError zone.forbidden, zone.too-many */
export async function ownHouse(host: Host, zone: string, account: { readonly id: string } | null): Promise<House> {
  const { place, owner } = parseHouse(host, zone);
  const me = account && (await findOwner(host, { id: account.id }));
  if (!me) throw forbidden();
  const found = await findHouse(host, place, owner, me);
  if (found?.account === me.id) return found;
  if (found || (owner !== null && owner !== me.name.toLowerCase())) throw forbidden();
  return await makeHouse(host, place, me);
}

async function houseOf(host: Host, place: string, account: string): Promise<House | undefined> {
  const [row] = await host.db.read('select * from zone_houses where place = ? and account = ?', [place, account]);
  return row && toHouse(row);
}

function toHouse({ place, house, account }: Row): House {
  return { place: String(place), house: String(house), account: String(account) };
}

/** 16 hex digits. */
function randomHouse(host: Host): string {
  return Array.from({ length: 16 }, () => Math.floor(host.random() * 16).toString(16)).join('');
}
