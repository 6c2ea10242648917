import { defineMethod, z } from 'roost/plugin';
import { parseLent } from './_lent.ts';

/** Takes a zone back that was lent: nobody comes in any more; who is in it stays until he goes. */
export default defineMethod({
  allow: 'server',
  params: z.object({ zone: z.string().min(1).max(100) }),
  async handle({ params: { zone }, host }) {
    const { place, house } = parseLent(host, zone);
    await host.db.transaction((trx) => trx.run('delete from zone_lent where place = ? and house = ?', [place, house]));
    return { zone };
  },
});
