import { defineMethod, z } from 'roost/plugin';

/**
 * Tells how the node is doing: uptime, memory, sessions, each zone's ticks, objects and players, and which kinds and
 * objects spend its time.
 */
export default defineMethod({
  rate: { perSecond: 1, burst: 5 },
  params: z.object({}),
  async handle({ caller, host }) {
    const { objects, ...stats } = await host.node.stats();
    if (caller.loopback) return { ...stats, objects };
    // Which objects there are, hidden ones among them, is for whoever runs the node.
    const zones = stats.zones.map(({ objectCosts: _, ...zone }) => zone);
    const kinds = stats.kinds.map(({ words: _, ...kind }) => kind);
    return { ...stats, zones, kinds };
  },
});
