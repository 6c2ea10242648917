import { defineMethod, z } from 'roost/plugin';

/**
 * Ends `zone.watch`: you hear nothing of that zone any more.
 * @returns `{ zone }`, the one watched or null
 */
export default defineMethod({
  params: z.object({}),
  handle({ caller }) {
    const zone = caller.watching;
    caller.unwatchZone();
    return { zone };
  },
});
