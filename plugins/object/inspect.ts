import { defineMethod, HostError, type JsonObject, z } from 'roost/plugin';
import { objectId } from './_target.ts';

/**
 * Shows the row, timers and kind of an object in your zone, what it costs and what went wrong with it, for development;
 * what is secret stays on the server.
 * @returns `{ row, timers, kind, keptBytes, script }`
 */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 5, burst: 10 },
  params: z.object({ id: objectId }),
  async handle({ caller, params: { id }, host }) {
    if (!host.dev) throw new HostError('host.dev-only');
    const { row, timers, ...rest } = (await caller.zone.inspect(id)) as JsonObject;
    const { keep, own, ...open } = row as JsonObject;
    return {
      ...rest,
      row: open.owner === caller.owner ? { ...open, own } : open,
      timers,
      keptBytes: JSON.stringify(keep ?? {}).length,
      script: caller.zone.examine(id) ?? null,
    };
  },
});
