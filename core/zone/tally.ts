/** What a zone did since its worker told of it last, for the metrics of the node. Nothing here plays a part in a tick. */
import { Buckets, tickBounds } from '../contract/buckets.ts';
import type { KindInfo, ScriptSpent, ZoneId, ZoneTally } from '../contract/link.ts';

export interface Tally {
  /** @param lateMs  From the time it was due to the time it began. */
  tick(lateMs: number, tookMs: number): void;
  frame(): void;
  /**
   * Null when the zone did nothing.
   * @param spent  CPU milliseconds by kind since the last call of this.
   * @param dropped  Ticks dropped since the zone's start.
   */
  take(spent: ReadonlyMap<string, number>, kinds: ReadonlyMap<string, KindInfo>, dropped: number): ZoneTally | null;
}

/** Kinds that are told apart in one message; the rest are `@others`. */
const mostKinds = 32;

export function createTally(zone: ZoneId): Tally {
  const took = new Buckets(tickBounds);
  const late = new Buckets(tickBounds);
  let ticks = 0;
  let frames = 0;
  let toldDropped = 0;

  return {
    tick(lateMs, tookMs) {
      late.add(Math.max(0, lateMs) / 1_000);
      took.add(tookMs / 1_000);
      ticks++;
    },
    frame() {
      frames++;
    },
    take(spent, kinds, dropped) {
      if (ticks === 0 && frames === 0 && spent.size === 0) return null;
      const taken = { zone, frames, dropped: dropped - toldDropped, took: took.take(), late: late.take() };
      toldDropped = dropped;
      ticks = 0;
      frames = 0;
      return { ...taken, spent: toSpent(spent, kinds) };
    },
  };
}

function toSpent(spent: ReadonlyMap<string, number>, kinds: ReadonlyMap<string, KindInfo>): readonly ScriptSpent[] {
  const sorted = [...spent].sort(([, a], [, b]) => b - a);
  const named = sorted.slice(0, mostKinds).map(([kind, ms]) => ({ kind, build: kinds.get(kind)?.build ?? '', ms }));
  const rest = sorted.slice(mostKinds).reduce((sum, [, ms]) => sum + ms, 0);
  return rest > 0 ? [...named, { kind: '@others', build: '', ms: rest }] : named;
}
