import { defineMethod, HostError, z } from 'roost/plugin';
import { audited } from './_audit.ts';
import { memoryOf } from './_memory.ts';

/**
 * Calls off a shutdown that is counted down; everyone is told.
 * @returns `{ at }`, when it would have been
 */
export default defineMethod({
  allow: 'admin',
  params: z.object({}),
  handle: ({ caller, params, host }) =>
    audited({ caller, host }, { method: 'admin.cancel-shutdown', params }, async (write) => {
      const { shutdown } = memoryOf(host);
      if (!shutdown) throw new HostError('admin.no-shutdown', 'No shutdown is on its way');
      await host.db.transaction(write);
      shutdown.cancel();
      host.send('everyone', 'notice', { code: 'admin.shutdown-cancelled', message: 'The server goes on' });
      return { at: shutdown.at };
    }),
});
