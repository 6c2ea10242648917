import { defineMethod, type Host, HostError, z } from 'roost/plugin';
import { botName, toKey } from './_bots.ts';
import { noted } from './_noted.ts';

const issued = z.object({ token: z.string(), credential: z.string() });

/**
 * Makes a bot and the token that it comes with, which is shown this once.
 * @returns `{ name, token }`
 */
export default defineMethod({
  allow: 'admin',
  rate: { perSecond: 1, burst: 10 },
  params: z.object({ name: botName }),
  handle({ caller, params: { name }, host }) {
    return noted({ caller, host }, { method: 'bot.create', target: name }, async () => {
      // The name first: of two at the same time the database lets one in.
      await reserve(host, name, caller.account?.name ?? 'server');
      try {
        return { name, token: await issue(host, name) };
      } catch (error) {
        await host.db.transaction((trx) =>
          trx.run('delete from bots where name_key = ? and credential is null', [toKey(name)]),
        );
        throw error;
      }
    });
  },
});

/** @throws HostError bot.taken */
async function reserve(host: Host, name: string, by: string): Promise<void> {
  const [made] = await host.db.transaction((trx) =>
    trx.run(
      `insert into bots (name_key, name, credential, created, made_by) values (?, ?, null, ?, ?)
       on conflict (name_key) do nothing returning name`,
      [toKey(name), name, host.clock.now(), by],
    ),
  );
  if (made === undefined) throw new HostError('bot.taken', `There is a bot "${name}" already`);
}

/** @throws HostError bot.unknown when it was deleted meanwhile: then nothing is left of its login */
async function issue(host: Host, name: string): Promise<string> {
  const { credential, token } = issued.parse(await host.call('auth.issue', { kind: 'bot', name }, { as: 'server' }));
  const [kept] = await host.db.transaction((trx) =>
    trx.run('update bots set credential = ? where name_key = ? and credential is null returning name', [
      credential,
      toKey(name),
    ]),
  );
  if (kept !== undefined) return token;
  await host.call('auth.revoke', { credential }, { as: 'server' });
  throw new HostError('bot.unknown', `The bot "${name}" was deleted meanwhile`);
}
