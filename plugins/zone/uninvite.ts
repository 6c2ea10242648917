import { defineMethod, type Host, z } from 'roost/plugin';
import { type House, idOf, ownHouse } from './_houses.ts';

/**
 * Takes an invitation into a zone of your own back; whoever is in it by that has to leave at once.
 * @returns `{ zone, name }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({ zone: z.string().min(1).max(100), name: z.string().min(1).max(16) }),
  async handle({ caller, params: { zone, name }, host }) {
    const house = await ownHouse(host, zone, caller.account);
    const rows = await host.db.transaction((trx) =>
      trx.run('delete from zone_invites where place = ? and house = ? and name_key = ? returning account', [
        house.place,
        house.house,
        name.toLowerCase(),
      ]),
    );
    for (const { account } of rows) if (account !== null) await turnOut(host, house, String(account));
    return { zone: idOf(house), name };
  },
});

async function turnOut(host: Host, { place, house }: House, account: string): Promise<void> {
  const isOfHouse = (zone: string | null) =>
    zone !== null && (zone === `${place}@${house}` || (zone.startsWith(`${place}~`) && zone.endsWith(`@${house}`)));
  for (const { id, account: who } of host.sessions.list()) {
    const caller = who?.id === account ? host.sessions.find(id) : undefined;
    const zone = caller?.zone?.id ?? caller?.watching ?? null;
    if (!caller || !isOfHouse(zone)) continue;
    caller.unwatchZone();
    await caller.leave();
    caller.send('zone', { zone, state: 'closed', code: 'zone.forbidden' });
  }
}
