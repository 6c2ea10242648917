import { defineMethod, line, z } from 'roost/plugin';
import { audited } from './_audit.ts';
import { countDown } from './_shutdown.ts';

/**
 * Stops the node after a countdown that everyone is told of; everything is saved.
 * @returns `{ at }`
 */
export default defineMethod({
  allow: 'admin',
  rate: { perSecond: 1, burst: 5 },
  params: z.object({ seconds: z.number().min(0).max(86_400), reason: line(200).optional() }),
  handle: ({ caller, params, host }) =>
    audited({ caller, host }, { method: 'admin.shutdown', params }, async (write) => {
      await host.db.transaction(write);
      return countDown(host, params.seconds, params.reason ?? '');
    }),
});
