import { defineMethod, z } from 'roost/plugin';
import { parseLent } from './_lent.ts';

/** Lends a zone to a match: these come in and nobody else. Once more with others: those then. */
export default defineMethod({
  allow: 'server',
  params: z.object({
    /** `castle/table@` and 17 to 24 small letters and digits, which no account can be called. */
    zone: z.string().min(1).max(100),
    /** Who plays, and the account that may play it with any of its characters. */
    players: z.array(z.object({ player: z.string().max(64), account: z.string().max(64).nullable() })).max(64),
  }),
  async handle({ params: { zone, players }, host }) {
    const { place, house } = parseLent(host, zone);
    const made = host.clock.now();
    await host.db.transaction(async (trx) => {
      await trx.run('delete from zone_lent where place = ? and house = ?', [place, house]);
      for (const { player, account } of players)
        await trx.run(
          `insert into zone_lent (place, house, player, account, made) values (?, ?, ?, ?, ?)
           on conflict (place, house, player) do nothing`,
          [place, house, player, account, made],
        );
    });
    return { zone };
  },
});
