/**
 * When a zone ticks: a fixed step on a grid of monotonic time. After a stall a few ticks are caught up and the rest is
 * dropped and counted; while a zone is at rest its ticks are skipped and only their numbers go on.
 */
export interface Schedule {
  /** Ticks to run now, at most five, and how many numbers to skip before them. */
  due(nowMs: number): { readonly ticks: number; readonly skipped: number };
  /** Nothing will happen until something comes in: the next `due` or `wake` skips what lies between. */
  rest(): void;
  /** Something came in: how many tick numbers went by at rest. The next tick is at most a step away. */
  wake(nowMs: number): number;
  /** Starts the grid anew, after a sleep: no tick is owed. */
  restart(nowMs: number): void;
  /** Monotonic milliseconds of the next tick. */
  nextMs(): number;
  /** Ticks dropped since the start. */
  dropped(): number;
}

const mostCatchUp = 5;

export function createSchedule(stepMs: number, startMs: number): Schedule {
  let last = startMs;
  let resting = false;
  let dropped = 0;

  /** Whole steps since the last tick; a timer that fires a hair early counts. */
  const steps = (nowMs: number) => Math.max(0, Math.floor((nowMs - last + 0.5) / stepMs));

  return {
    due(nowMs) {
      const owed = steps(nowMs);
      if (owed === 0) return { ticks: 0, skipped: 0 };
      last += owed * stepMs;
      if (resting) {
        resting = false;
        return { ticks: 1, skipped: owed - 1 };
      }
      const ticks = Math.min(owed, mostCatchUp);
      dropped += owed - ticks;
      return { ticks, skipped: 0 };
    },
    rest() {
      resting = true;
    },
    wake(nowMs) {
      if (!resting) return 0;
      resting = false;
      const skipped = steps(nowMs);
      last += skipped * stepMs;
      return skipped;
    },
    restart(nowMs) {
      last = nowMs;
      resting = false;
    },
    nextMs: () => last + stepMs,
    dropped: () => dropped,
  };
}
