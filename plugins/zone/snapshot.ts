import { defineMethod, z } from 'roost/plugin';
import { zoneOf } from './_zone.ts';

/** Asks for a fresh `snapshot` of your view; it follows the answer, at most one in two seconds. */
export default defineMethod({
  params: z.object({}),
  handle({ caller }) {
    zoneOf(caller);
    caller.snapshot();
    return {};
  },
});
