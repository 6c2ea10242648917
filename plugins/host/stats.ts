import { defineMethod, z } from 'roost/plugin';

/**
 * Tells how the node is doing: uptime, memory, sessions, each zone's ticks, objects and players, and which kinds and
 * objects spend its time.
 * @returns `{ uptime, rss, heapUsed, sessions, bytesOut, resyncs, eventsDropped, disconnects, zones, kinds, objects? }`
 */
export default defineMethod({
  rate: { perSecond: 1, burst: 5 },
  params: z.object({}),
  async handle({ caller, host }) {
    const { objects, ...stats } = await host.node.stats();
    if (caller.loopback || caller.has('operator')) return { ...stats, objects };
    // Which objects there are, hidden ones among them, is for whoever runs the node; and so is who has a house.
    const zones = stats.zones.map(({ objectCosts: _, ...one }) => ({ ...one, zone: withoutOwner(one.zone) }));
    const kinds = stats.kinds.map(({ words: _, ...one }) => ({ ...one, zone: withoutOwner(one.zone) }));
    return { ...stats, zones, kinds };
  },
});

/** After the `@` is the name of an account. */
function withoutOwner(zone: string): string {
  return zone.replace(/@.*$/, '');
}
