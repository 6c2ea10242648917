/**
 * Which zone made its process grow. Memory that an engine does not count is nobody's by the words of the moment of death:
 * what the process grew by between two looks goes to the zone that ran.
 */
export interface Growth {
  /** A look at resident memory. `zone` runs or ran last (0: none did); `started` tells its entries apart. */
  look(rss: number, zone: number, started: number): void;
  /** Bytes since the entry that runs began. */
  ofEntry(rss: number): number;
  /** The zone that grew most, 0 when none did. */
  largest(): number;
}

/** Zones that are remembered; the least grown makes room. */
const mostZones = 256;

export function createGrowth(): Growth {
  const grown = new Map<number, number>();
  let last = 0;
  let entry = 0;
  let before = 0;

  function add(zone: number, bytes: number): void {
    grown.set(zone, (grown.get(zone) ?? 0) + bytes);
    if (grown.size <= mostZones) return;
    const [least] = [...grown].sort(([, a], [, b]) => a - b);
    if (least) grown.delete(least[0]);
  }

  /** What the process gave back was everybody's. */
  function shrink(part: number): void {
    for (const [zone, bytes] of grown) grown.set(zone, bytes * part);
  }

  return {
    look(rss, zone, started) {
      if (last > 0 && rss > last && zone > 0) add(zone, rss - last);
      if (rss < last) shrink(rss / last);
      if (started !== entry) {
        entry = started;
        // What it grew by before it was first seen is its own as well.
        before = last > 0 ? Math.min(last, rss) : rss;
      }
      last = rss;
    },
    ofEntry: (rss) => Math.max(0, rss - before),
    largest: () => [...grown].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0,
  };
}
