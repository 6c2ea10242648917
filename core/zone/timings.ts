/** When calls that somebody follows came, were taken by a tick and had their outcome. Of all others nothing is kept. */
import type { CallOutcome, InboxItem } from '../contract/link.ts';
import type { Clock } from '../contract/ports.ts';

export interface Timings {
  came(items: readonly InboxItem[]): void;
  /** A tick begins, with everything that has come. */
  taken(nowMs: number): void;
  /** The outcomes, with their times where somebody wants them. */
  told(outcomes: readonly CallOutcome[]): readonly CallOutcome[];
}

type Open = { readonly at: number; readonly cameMs: number; takenMs: number | null };

export function createTimings(clock: Clock): Timings {
  const open = new Map<number, Open>();

  return {
    came(items) {
      for (const item of items) {
        if (!('trace' in item) || item.trace === undefined) continue;
        open.set(item.call, { at: clock.now(), cameMs: clock.monotonicMs(), takenMs: null });
      }
    },
    taken(nowMs) {
      if (open.size === 0) return;
      for (const call of open.values()) call.takenMs ??= nowMs;
    },
    told(outcomes) {
      if (open.size === 0) return outcomes;
      const nowMs = clock.monotonicMs();
      return outcomes.map((outcome) => {
        const call = open.get(outcome.call);
        if (!call) return outcome;
        open.delete(outcome.call);
        const { at, cameMs, takenMs } = call;
        const tookMs = takenMs ?? nowMs;
        return { ...outcome, timing: { at, waitMs: tookMs - cameMs, tickMs: nowMs - tookMs } };
      });
    },
  };
}
