import { defineMethod, z } from 'roost/plugin';
import { seenBy } from './_zone.ts';

/**
 * Asks for a fresh `snapshot` of your view; it follows the answer, at most one in two seconds.
 * @returns `{}`, then a `snapshot`
 */
export default defineMethod({
  params: z.object({}),
  handle({ caller }) {
    seenBy(caller);
    caller.snapshot();
    return {};
  },
});
