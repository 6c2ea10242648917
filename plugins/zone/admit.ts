import { defineMethod, type Host, z } from 'roost/plugin';
import { findHouse, findOwner, forbidden, type House, makeHouse } from './_houses.ts';
import { isLent, isOpenTo } from './_lent.ts';

/** Says which house of a place somebody comes into who names its owner or a match, or nobody for his own, if he may. */
export default defineMethod({
  allow: 'server',
  params: z.object({
    /** `castle/house`. */
    place: z.string(),
    owner: z.string().nullable(),
    /** Id of the account that comes. */
    account: z.string().nullable(),
    /** Who plays. */
    player: z.string().nullable(),
    as: z.enum(['player', 'spectator', 'thing']),
  }),
  async handle({ params, host }) {
    const { place, owner, account, as } = params;
    if (owner !== null && isLent(owner)) {
      if (await isOpenTo(host, { place, house: owner }, params)) return owner;
      throw forbidden();
    }
    if (!isOwnedPlace(host, place))
      throw forbidden(`Zone "${place}" is there for matches alone: match.find leads into one`);
    const me = account === null ? null : await findOwner(host, { id: account });
    const found = await findHouse(host, place, owner, me);
    if (found) {
      if (as === 'thing' || found.account === me?.id || (await isInvited(host, found, account))) return found.house;
      throw forbidden();
    }
    // Nobody has one there by that name: only whose it will be begins it.
    if (me === null || as === 'thing' || (owner !== null && owner !== me.name.toLowerCase())) throw forbidden();
    return (await makeHouse(host, place, me)).house;
  },
});

/** Whether accounts have their own of it. */
function isOwnedPlace(host: Host, place: string): boolean {
  const [game = '', name] = place.split('/');
  return host.zones.game(game)?.zones.some((spec) => spec.name === name && spec.owned === true) === true;
}

async function isInvited(host: Host, { place, house, account }: House, guest: string | null): Promise<boolean> {
  if (guest === null) return false;
  const [row] = await host.db.read('select account from zone_invites where place = ? and house = ? and account = ?', [
    place,
    house,
    guest,
  ]);
  // With its owner a house is closed.
  return row !== undefined && (await findOwner(host, { id: account }))?.state === 'active';
}
