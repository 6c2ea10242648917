/** What an object, and all of them together, may do in a second. `hear`: how many handlers hear what it says. */
import type { Obj } from './here.ts';

export type Doing = 'spawn' | 'say' | 'send' | 'hear' | 'log';

const perObject: Readonly<Record<Doing, number>> = { spawn: 5, say: 5, send: 20, hear: 5_000, log: 100 };
const perZone: Readonly<Record<Doing, number>> = { spawn: 200, say: 500, send: 2_000, hear: 20_000, log: 2_000 };

/** Tokens of one counter, refilled with time. */
type Bucket = { tokens: number; at: number };

export interface Rates {
  /** Takes `n` at once, or answers which limit says no. */
  take(object: Obj | null, doing: Doing, n: number, time: number): string | null;
  /** Of all together. */
  save(): SavedBuckets;
  restore(saved: SavedBuckets): void;
  /** Of one object; null when it did nothing yet. */
  of(object: Obj): SavedBuckets | null;
  give(object: Obj, saved: SavedBuckets): void;
}

export type SavedBuckets = readonly (readonly [Doing, tokens: number, at: number])[];

export function createRates(): Rates {
  const zone = new Map<Doing, Bucket>();
  const objects = new WeakMap<Obj, Map<Doing, Bucket>>();

  function fill(buckets: Map<Doing, Bucket>, doing: Doing, limit: number, time: number): Bucket {
    const bucket = buckets.get(doing) ?? { tokens: limit, at: time };
    bucket.tokens = Math.min(limit, bucket.tokens + Math.max(0, time - bucket.at) * limit);
    bucket.at = time;
    buckets.set(doing, bucket);
    return bucket;
  }

  const saved = (buckets: Map<Doing, Bucket>): SavedBuckets =>
    [...buckets].map(([doing, { tokens, at }]) => [doing, tokens, at]);
  const restored = (buckets: SavedBuckets) =>
    new Map(buckets.map(([doing, tokens, at]): [Doing, Bucket] => [doing, { tokens, at }]));

  return {
    save: () => saved(zone),
    restore(buckets) {
      zone.clear();
      for (const [doing, bucket] of restored(buckets)) zone.set(doing, bucket);
    },
    of(object) {
      const own = objects.get(object);
      return own ? saved(own) : null;
    },
    give: (object, buckets) => void objects.set(object, restored(buckets)),
    take(object, doing, n, time) {
      const all = fill(zone, doing, perZone[doing], time);
      if (all.tokens < n) return `the zone has its ${perZone[doing]} a second`;
      // The zone's own script answers to the zone's limit alone.
      if (object?.id) {
        const own = objects.get(object) ?? new Map<Doing, Bucket>();
        objects.set(object, own);
        const mine = fill(own, doing, perObject[doing], time);
        if (mine.tokens < n) return `more than ${perObject[doing]} a second`;
        mine.tokens -= n;
      }
      all.tokens -= n;
      return null;
    },
  };
}
