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

/** The same for several, of whom nobody takes more than is left for the others. */
export interface Shares {
  /** Takes so many for somebody when they are there. `time` in seconds. */
  take(time: number, who: string, amount?: number): boolean;
  save(): SavedShares;
  restore(saved: SavedShares): void;
}

/** Seconds at which the count began (null: it has not), and the counts. */
export type SavedShares = readonly [start: number | null, counts: readonly (readonly [who: string, count: number])[]];

/** At most `perSecond` of all together, half of it of one alone. */
export function createShares(perSecond: number): Shares {
  const counts = new Map<string, number>();
  let start = Number.NEGATIVE_INFINITY;
  let left = perSecond;

  function add(who: string, amount: number): void {
    counts.set(who, (counts.get(who) ?? 0) + amount);
    left -= amount;
  }

  function clear(): void {
    counts.clear();
    left = perSecond;
  }

  return {
    save: () => [Number.isFinite(start) ? start : null, [...counts]],
    restore([began, saved]) {
      start = began ?? Number.NEGATIVE_INFINITY;
      clear();
      for (const [who, count] of saved) add(who, count);
    },
    take(time, who, amount = 1) {
      if (time - start >= 1) {
        start = time;
        clear();
      }
      if ((counts.get(who) ?? 0) + amount > left) return false;
      add(who, amount);
      return true;
    },
  };
}
