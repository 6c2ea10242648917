import { defineMethod, z } from 'roost/plugin';

/** Lists the lines your character has heard since it entered, oldest first; with `since` (Unix seconds) only later ones. */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 2, burst: 5 },
  params: z.object({ since: z.number().min(0).optional() }),
  handle: ({ caller, params }) => ({ lines: caller.heard(params.since) }),
});
