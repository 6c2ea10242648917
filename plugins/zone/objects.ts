import { defineMethod, fitting, type JsonObject, z } from 'roost/plugin';
import { seenBy } from './_zone.ts';

/** JSON of the objects in an answer. */
const bytesMost = 150_000;

/**
 * Lists the objects in your view, last changed first; with `since` (Unix seconds) only those changed then or later. Give
 * the greatest `changed` you have seen as the next `since`, and you miss nothing. `more` says that not all fit into the answer: ask again
 * with the last id you got as `after`.
 * @returns `{ zone, objects, more }`
 */
export default defineMethod({
  rate: { perSecond: 5, burst: 10 },
  params: z.object({ since: z.number().min(0).optional(), after: z.string().max(64).optional() }),
  handle({ caller, params: { since, after } }) {
    const all = caller.objects(since);
    // What has changed meanwhile stands first again: then it begins anew.
    const rest = after === undefined ? all : all.slice(all.findIndex((one) => (one as JsonObject).id === after) + 1);
    const objects = fitting(rest, bytesMost);
    return { zone: seenBy(caller), objects, more: objects.length < rest.length };
  },
});
