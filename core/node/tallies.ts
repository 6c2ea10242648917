/** What zones and scripts have done since the node's start, over all lives of all workers: added up for the metrics. */
import { Buckets, tickBounds } from '../contract/buckets.ts';
import type { ZoneId, ZoneTally } from '../contract/link.ts';
import type { ScriptFigures, ZoneFigures } from '../report/figures.ts';
import { Named } from './named.ts';

export interface Tallies {
  add(tallies: readonly ZoneTally[]): void;
  /** The label that the zone has in the metrics. */
  labelOf(zone: ZoneId): string;
  zones(): readonly ZoneFigures[];
  scripts(): readonly ScriptFigures[];
}

/** Scripts by game, kind and build that are told apart. Builds come and go with every save. */
const scriptsMost = 200;

/** @param zonesMost  Zones that are told apart. */
export function createTallies(zonesMost: number, nowMs: () => number): Tallies {
  const zones = new Named(zonesMost, () => ({
    took: new Buckets(tickBounds),
    late: new Buckets(tickBounds),
    frames: 0,
    dropped: 0,
  }));
  const scripts = new Named(scriptsMost, () => ({ seconds: 0 }));

  return {
    add(tallies) {
      const now = nowMs();
      for (const { zone, took, late, frames, dropped, spent } of tallies) {
        const sums = zones.use(withoutOwner(zone), now);
        sums.took.addAll(took);
        sums.late.addAll(late);
        sums.frames += frames;
        sums.dropped += dropped;
        const game = zone.slice(0, Math.max(0, zone.indexOf('/')));
        for (const { kind, build, ms } of spent) scripts.use(`${game} ${kind} ${build}`, now).seconds += ms / 1_000;
      }
    },
    labelOf: (zone) => zones.labelOf(withoutOwner(zone)),
    zones: () => zones.read().map(([zone, sums]) => ({ zone, ...sums })),
    scripts: () =>
      scripts.read().map(([name, { seconds }]) => {
        const [game = '', kind = name, build = ''] = name.split(' ');
        return name === 'other' ? { game: '', kind: name, build: '', seconds } : { game, kind, build, seconds };
      }),
  };
}

/** `farmyard/hut@graxnor` → `farmyard/hut@*`: people are no labels. */
function withoutOwner(zone: ZoneId): string {
  return zone.replace(/@.*$/, '@*');
}
