import { defineMethod, z } from 'roost/plugin';

/** The zones this node keeps in memory, by state. */
export default defineMethod({
  rate: { perSecond: 1_000, burst: 1_000 },
  params: z.object({}),
  handle: ({ host }) => Object.fromEntries(host.zones.list().map(({ zone, state }) => [zone, state])),
});
