import { defineMethod, z } from 'roost/plugin';
import { askFor, key } from './_desk.ts';

/**
 * Says that a player has loaded: the match starts when both have.
 * @returns `{ state: 'ready' }` or `{ state: 'playing', match, key, seat, names }`
 */
export default defineMethod({
  rate: { perSecond: 5, burst: 20 },
  params: z.object({ key }),
  handle: ({ caller, params, host }) =>
    askFor(host, caller, (relay, from, nowS) => relay.ready(params.key, from, nowS)),
});
