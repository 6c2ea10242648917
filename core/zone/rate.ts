/** So many a second, counted by the zone's own time, so that a replay refuses the same ones. */
export interface Rate {
  /** Takes one when there is one. `time` in seconds. */
  take(time: number): boolean;
  save(): SavedRate;
  restore(saved: SavedRate): void;
}

/** Seconds at which the count began (null: it has not), and the count. */
export type SavedRate = readonly [start: number | null, count: number];

/** At most `perSecond` in any stretch of a second that starts with the first of them. */
export function createRate(perSecond: number): Rate {
  let start = Number.NEGATIVE_INFINITY;
  let count = 0;
  return {
    save: () => [Number.isFinite(start) ? start : null, count],
    restore(saved) {
      start = saved[0] ?? Number.NEGATIVE_INFINITY;
      count = saved[1];
    },
    take(time) {
      if (time - start >= 1) {
        start = time;
        count = 0;
      }
      if (count >= perSecond) return false;
      count++;
      return true;
    },
  };
}
