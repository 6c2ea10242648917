import { defineMethod, z } from 'roost/plugin';
import { botName, getBot, toKey } from './_bots.ts';
import { noted } from './_noted.ts';

/**
 * Deletes a bot: its token is good for nothing, and it is gone at once from wherever it was.
 * @returns `{ name }`
 */
export default defineMethod({
  allow: 'admin',
  params: z.object({ name: botName }),
  handle({ caller, params: { name }, host }) {
    return noted({ caller, host }, { method: 'bot.delete', target: name }, async () => {
      const bot = await getBot(host, name);
      if (bot.credential !== null) {
        await host.call('auth.revoke', { credential: bot.credential }, { as: 'server' });
        await host.call('character.purge', { account: bot.credential }, { as: 'server' });
      }
      await host.db.transaction((trx) => trx.run('delete from bots where name_key = ?', [toKey(name)]));
      return { name: bot.name };
    });
  },
});
