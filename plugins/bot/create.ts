import { defineMethod, HostError, z } from 'roost/plugin';
import { botName, toKey } from './_bots.ts';
import { noted } from './_noted.ts';

const issued = z.object({ token: z.string(), credential: z.string() });

/** Makes a bot and the token that it comes with, which is shown this once. */
export default defineMethod({
  allow: 'admin',
  rate: { perSecond: 1, burst: 10 },
  params: z.object({ name: botName }),
  handle({ caller, params: { name }, host }) {
    return noted({ caller, host }, { method: 'bot.create', target: name }, async () => {
      const by = caller.account?.name ?? 'server';
      // The name first: of two at the same time the database lets one in.
      const [made] = await host.db.transaction((trx) =>
        trx.run(
          `insert into bots (name_key, name, credential, created, made_by) values (?, ?, null, ?, ?)
           on conflict (name_key) do nothing returning name`,
          [toKey(name), name, host.clock.now(), by],
        ),
      );
      if (made === undefined) throw new HostError('bot.taken', `There is a bot "${name}" already`);
      const login = issued.parse(await host.call('auth.issue', { kind: 'bot', name }, { as: 'server' }));
      await host.db.transaction((trx) =>
        trx.run('update bots set credential = ? where name_key = ?', [login.credential, toKey(name)]),
      );
      return { name, token: login.token };
    });
  },
});
