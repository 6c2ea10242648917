import { defineMethod } from 'roost/plugin';
import { toBot } from './_bots.ts';

/**
 * Lists the bots that were made, and those of them that are here.
 * @returns `{ bots: [{ name, created, by, connections: [{ address, zone, character }] }] }`
 */
export default defineMethod({
  allow: 'admin',
  async handle({ host }) {
    const rows = await host.db.read('select * from bots order by name_key');
    const sessions = host.sessions.list();
    const bots = rows.map(toBot).map(({ name, credential, created, by }) => {
      const here = sessions.filter(({ account }) => account !== null && account.id === credential);
      const addresses = here.map(({ address, zone, name: character }) => ({ address, zone, character }));
      return { name, created, by, connections: addresses };
    });
    return { bots };
  },
});
