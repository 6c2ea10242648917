import { defineMethod, z } from 'roost/plugin';
import { deleteCredentials, endSessions } from './_credentials.ts';

/**
 * Ends the login you came with, everywhere and at once.
 * @returns `{}`
 */
export default defineMethod({
  allow: 'account',
  params: z.object({}),
  async handle({ caller, host }) {
    const { credential = '' } = caller.account ?? {};
    await endSessions(host, await host.db.transaction((trx) => deleteCredentials(trx, { id: credential })), caller);
    return {};
  },
});
