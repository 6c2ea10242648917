import { defineMethod, line, z } from 'roost/plugin';
import { audited } from './_audit.ts';

/**
 * Tells everyone who is connected a line, as a `notice` with the code `admin.announced`.
 * @returns `{ sessions }`, how many heard it
 */
export default defineMethod({
  allow: 'broadcast',
  rate: { perSecond: 1, burst: 5 },
  params: z.object({ text: line(500) }),
  handle: ({ caller, params, host }) =>
    audited({ caller, host }, { method: 'admin.announce', params }, async (write) => {
      await host.db.transaction(write);
      host.send('everyone', 'notice', { code: 'admin.announced', message: params.text });
      return { sessions: host.sessions.list().length };
    }),
});
