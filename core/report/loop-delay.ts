/** How late the event loop of this process comes to its timers. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Seconds, since the last look. */
export type LoopFigures = { readonly p50: number; readonly p99: number; readonly worst: number };

export interface LoopDelay {
  /** Begins to look, fifty times a second. Twice is harmless. */
  start(): void;
  /** The delays since the last call of this; zeros before the start. */
  read(): LoopFigures;
  stop(): void;
}

export const loopLookMs = 20;

export function createLoopDelay(): LoopDelay {
  let histogram: ReturnType<typeof monitorEventLoopDelay> | undefined;

  return {
    start() {
      histogram ??= monitorEventLoopDelay({ resolution: loopLookMs });
      histogram.enable();
    },
    read() {
      if (!histogram || histogram.count === 0) return { p50: 0, p99: 0, worst: 0 };
      const found = {
        p50: toDelay(histogram.percentile(50)),
        p99: toDelay(histogram.percentile(99)),
        worst: toDelay(histogram.max),
      };
      histogram.reset();
      return found;
    },
    stop() {
      histogram?.disable();
    },
  };
}

/** What Node measures, in nanoseconds, is the time between two looks. */
function toDelay(betweenNs: number): number {
  return Math.max(0, betweenNs / 1e9 - loopLookMs / 1_000);
}
