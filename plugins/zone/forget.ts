import { defineMethod, z } from 'roost/plugin';

/** Nobody has the houses of an account any more that is deleted: nobody enters them, and nobody gets them by taking its name. */
export default defineMethod({
  allow: 'server',
  params: z.object({ account: z.string() }),
  async handle({ params: { account }, host }) {
    await host.db.transaction(async (trx) => {
      await trx.run(
        `delete from zone_invites where account = ? or exists (select 1 from zone_houses
         where zone_houses.place = zone_invites.place and zone_houses.house = zone_invites.house and zone_houses.account = ?)`,
        [account, account],
      );
      await trx.run("update zone_houses set account = '' where account = ?", [account]);
      await trx.run('update registered_zones set account = null where account = ?', [account]);
    });
    return {};
  },
});
