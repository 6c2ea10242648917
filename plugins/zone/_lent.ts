/** Zones that are lent to somebody who is no account: a match has one of its own, and says who may come in. */
import { type Host, HostError } from 'roost/plugin';

/** Letters of an account's name: whatever is longer is not whose house it is, but what it is lent to. */
const nameMost = 16;

/** Whoever forgot to take one back has not for ever. */
const forgottenS = 7 * 86_400;

export type Lent = { readonly place: string; readonly house: string };

/** Who comes: by what he plays, or by his account. */
type Comer = { readonly account: string | null; readonly player: string | null; readonly as: string };

export function isLent(house: string): boolean {
  return house.length > nameMost;
}

const pattern = /^([a-z0-9-]{1,64}\/[a-z0-9-]{1,64})@([a-z0-9]{17,24})$/;

/** @throws HostError zone.malformed, zone.unknown where no mode of a game has zones of its own */
export function parseLent(host: Host, zone: string): Lent {
  const [, place = '', house = ''] = pattern.exec(zone) ?? [];
  if (house === '') throw new HostError('zone.malformed');
  const [game = '', name] = place.split('/');
  const spec = host.zones.game(game)?.zones.find((one) => one.name === name);
  if (spec?.matched !== true) throw new HostError('zone.unknown', `No mode of a game runs in zones "${place}"`);
  return { place, house };
}

/** Whoever knows its name may watch it, where the game lets people watch; playing is for those it is lent to. */
export async function isOpenTo(host: Host, { place, house }: Lent, { account, player, as }: Comer): Promise<boolean> {
  const rows = await host.db.read('select player, account from zone_lent where place = ? and house = ?', [
    place,
    house,
  ]);
  if (as !== 'player') return rows.length > 0;
  return rows.some((row) => row.player === player || (account !== null && row.account === account));
}

export async function forgetOld(host: Host): Promise<void> {
  await host.db.transaction((trx) => trx.run('delete from zone_lent where made < ?', [host.clock.now() - forgottenS]));
}
