import { defineMethod, z } from 'roost/plugin';
import { askFor, key } from './_desk.ts';

/**
 * Says that a paired player has begun to load.
 * @returns `{ state: 'loading', role }`
 */
export default defineMethod({
  rate: { perSecond: 5, burst: 20 },
  params: z.object({ key }),
  handle: ({ caller, params, host }) => askFor(host, caller, (relay, from, nowS) => relay.load(params.key, from, nowS)),
});
