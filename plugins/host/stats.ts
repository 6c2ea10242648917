import { defineMethod, z } from 'roost/plugin';

/** Tells how the node is doing: uptime, memory, sessions, and each zone's ticks, objects and players. */
export default defineMethod({
  rate: { perSecond: 1, burst: 5 },
  params: z.object({}),
  handle: ({ host }) => host.node.stats(),
});
