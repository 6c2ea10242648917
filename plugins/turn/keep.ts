import { defineMethod, z } from 'roost/plugin';
import { askFor, key } from './_desk.ts';

/**
 * Says that somebody is still there who has nothing to send.
 * @returns `{}`
 */
export default defineMethod({
  rate: { perSecond: 2, burst: 10 },
  params: z.object({ key }),
  handle: ({ caller, params, host }) => askFor(host, caller, (relay, from, nowS) => relay.keep(params.key, from, nowS)),
});
