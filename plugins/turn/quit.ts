import { defineMethod, z } from 'roost/plugin';
import { askFor, key, text } from './_desk.ts';

/**
 * Leaves a match, with a last text for the others.
 * @returns `{}`
 */
export default defineMethod({
  rate: { perSecond: 2, burst: 10 },
  params: z.object({ key, text: text.optional() }),
  handle: ({ caller, params, host }) =>
    askFor(host, caller, (relay, _from, nowS) => relay.quit(params.key, undefined, params.text, nowS)),
});
