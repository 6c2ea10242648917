import { defineMethod, z } from 'roost/plugin';
import { askFor, key } from './_desk.ts';

/**
 * Asks for a partner: the first who came and suits.
 * @returns `{ state: 'waiting' }` or `{ state: 'paired', partner, role }`
 */
export default defineMethod({
  rate: { perSecond: 5, burst: 20 },
  params: z.object({ key }),
  handle: ({ caller, params, host }) => askFor(host, caller, (relay, from, nowS) => relay.pair(params.key, from, nowS)),
});
