import { defineMethod, HostError, z } from 'roost/plugin';
import { endSessions } from './_credentials.ts';
import { ownAccount } from './_own.ts';

/**
 * Ends one of your logins, wherever it is used.
 * @returns `{}`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 2, burst: 20 },
  params: z.object({ id: z.string().max(64) }),
  async handle({ caller, params: { id }, host }) {
    const account = ownAccount(caller);
    const ended = await host.db.transaction((trx) =>
      trx.run('delete from credentials where id = ? and account = ? returning id', [id, account.id]),
    );
    if (ended.length === 0) throw new HostError('auth.unknown-login', 'You have no such login');
    await endSessions(host, [id], caller);
    return {};
  },
});
