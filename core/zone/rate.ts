/** So many a second, counted by the zone's own time, so that a replay refuses the same ones. */
export interface Rate {
  /** Takes one when there is one. `time` in seconds. */
  take(time: number): boolean;
}

/** At most `perSecond` in any stretch of a second that starts with the first of them. */
export function createRate(perSecond: number): Rate {
  let start = Number.NEGATIVE_INFINITY;
  let count = 0;
  return {
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
