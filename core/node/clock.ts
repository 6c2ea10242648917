import type { Clock } from '../contract/ports.ts';

/** The system's clocks. */
export const systemClock: Clock = { now: () => Date.now() / 1_000, monotonicMs: () => performance.now() };
