/** How long ticks take: mean and worst of the last five seconds. */
export interface Meter {
  add(nowMs: number, tookMs: number): void;
  read(nowMs: number): { readonly tickMs: number; readonly worstMs: number };
}

type Window = { readonly start: number; sum: number; count: number; worst: number };

const windowMs = 5_000;

export function createMeter(): Meter {
  const empty = (start: number): Window => ({ start, sum: 0, count: 0, worst: 0 });
  let current = empty(0);
  let last = empty(0);

  function turnOver(nowMs: number): void {
    if (nowMs - current.start < windowMs) return;
    last = nowMs - current.start < 2 * windowMs ? current : empty(nowMs);
    current = empty(nowMs);
  }

  return {
    add(nowMs, tookMs) {
      turnOver(nowMs);
      current.sum += tookMs;
      current.count++;
      current.worst = Math.max(current.worst, tookMs);
    },
    read(nowMs) {
      turnOver(nowMs);
      const { sum, count, worst } = last.count > 0 ? last : current;
      return { tickMs: count === 0 ? 0 : sum / count, worstMs: Math.max(worst, current.worst) };
    },
  };
}
