import { defineMethod, z } from 'roost/plugin';
import { idOf, ownHouse } from './_houses.ts';

/**
 * Lists the names that you have invited into a zone of your own.
 * @returns `{ zone, names }`
 */
export default defineMethod({
  allow: 'account',
  params: z.object({ zone: z.string().min(1).max(100) }),
  async handle({ caller, params, host }) {
    const house = await ownHouse(host, params.zone, caller.account);
    const rows = await host.db.read('select name from zone_invites where place = ? and house = ? order by name_key', [
      house.place,
      house.house,
    ]);
    return { zone: idOf(house), names: rows.map(({ name }) => String(name)) };
  },
});
