import { defineMethod, fitting, type NodeStats, z } from 'roost/plugin';

/** JSON of the zones in an answer: of a thousand not all fit. */
const bytesMost = 150_000;

/**
 * Tells how the node is doing: uptime, memory, sessions, each zone's ticks, objects and players, and which kinds and
 * objects spend its time. Zones stand in the order of what they cost; `more` says that the last ones did not fit.
 * @returns `{ uptime, rss, heapUsed, sessions, bytesOut, resyncs, eventsDropped, disconnects, zones, more, kinds, objects? }`
 */
export default defineMethod({
  rate: { perSecond: 1, burst: 5 },
  params: z.object({}),
  async handle({ caller, host }) {
    const { objects, ...stats } = cut(await host.node.stats());
    if (caller.loopback || caller.has('operator')) return { ...stats, objects };
    // Which objects there are, hidden ones among them, is for whoever runs the node; and so is who has a house.
    const zones = stats.zones.map(({ objectCosts: _, ...one }) => ({ ...one, zone: withoutOwner(one.zone) }));
    const kinds = stats.kinds.map(({ words: _, ...one }) => ({ ...one, zone: withoutOwner(one.zone) }));
    return { ...stats, zones, kinds };
  },
});

function cut(stats: NodeStats): NodeStats & { readonly more: boolean } {
  const zones = fitting(
    stats.zones.toSorted((a, b) => b.cpuMs - a.cpuMs),
    bytesMost,
  );
  return { ...stats, zones, more: zones.length < stats.zones.length };
}

/** After the `@` is the name of an account. */
function withoutOwner(zone: string): string {
  return zone.replace(/@.*$/, '');
}
