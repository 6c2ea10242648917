import { defineMethod, z } from 'roost/plugin';
import { seenBy } from './_zone.ts';

/**
 * Lists the objects in your view, last changed first; with `since` (Unix seconds) only those changed then or later. Give
 * the greatest `changed` you have seen as the next `since`, and you miss nothing.
 * @returns `{ zone, objects }`
 */
export default defineMethod({
  rate: { perSecond: 5, burst: 10 },
  params: z.object({ since: z.number().min(0).optional() }),
  handle({ caller, params }) {
    return { zone: seenBy(caller), objects: caller.objects(params.since) };
  },
});
