import { defineMethod, z } from 'roost/plugin';
import { askFor, key, text } from './_desk.ts';

/**
 * Passes a text on to the others of a match, and gives what has arrived.
 * @returns `{ match, counter, repeated, texts }`
 */
export default defineMethod({
  rate: { perSecond: 20, burst: 40 },
  params: z.object({ key, counter: z.int().min(0), text: text.optional(), read: z.int().min(0).optional() }),
  handle: ({ caller, params: { key, ...update }, host }) =>
    askFor(host, caller, (relay, from, nowS) => relay.update(key, update, from, nowS)),
});
