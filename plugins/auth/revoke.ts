import { defineMethod, z } from 'roost/plugin';
import { deleteCredentials, endSessions } from './_credentials.ts';

/**
 * Ends a login by its id, with its live sessions; false when there was none.
 * @returns `{ ended }`
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ credential: z.string().max(64) }),
  async handle({ params: { credential }, host }) {
    const ended = await host.db.transaction((trx) => deleteCredentials(trx, { id: credential }));
    await endSessions(host, ended);
    return { ended: ended.length > 0 };
  },
});
