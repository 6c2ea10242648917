import { defineMethod, z } from 'roost/plugin';
import { askFor, key } from './_desk.ts';

/**
 * Ends a registration, and the match that came of it.
 * @returns `{}`
 */
export default defineMethod({
  rate: { perSecond: 2, burst: 10 },
  params: z.object({ key }),
  handle: ({ caller, params, host }) =>
    askFor(host, caller, (relay, _from, nowS) => relay.unregister(params.key, nowS)),
});
