import { defineMethod, HostError, z } from 'roost/plugin';
import { findOwner, idOf, ownHouse } from './_houses.ts';

/** Of one zone. */
const invitedMost = 100;

/**
 * Lets somebody into a zone of your own, by the name of the account; it answers the same whether there is one or not.
 * @returns `{ zone, name }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({ zone: z.string().min(1).max(100), name: z.string().regex(/^[A-Za-z0-9]{2,16}$/) }),
  async handle({ caller, params: { zone, name }, host }) {
    const house = await ownHouse(host, zone, caller.account);
    const { place, house: key } = house;
    const guest = await findOwner(host, { name });
    await host.db.transaction(async (trx) => {
      const others = await trx.run('select name_key from zone_invites where place = ? and house = ?', [place, key]);
      if (others.length >= invitedMost && !others.some((row) => row.name_key === name.toLowerCase()))
        throw new HostError('zone.too-many', `A zone has at most ${invitedMost} who are invited`);
      await trx.run(
        `insert into zone_invites (place, house, name_key, name, account, made) values (?, ?, ?, ?, ?, ?)
         on conflict (place, house, name_key) do update set name = excluded.name, account = excluded.account`,
        [place, key, name.toLowerCase(), name, guest?.id ?? null, host.clock.now()],
      );
    });
    return { zone: idOf(house), name };
  },
});
