/** A log that nobody reads, and the system's clock. */
import type { Clock, Log } from '../../core/contract/ports.ts';

function quiet(): void {}

export const silentLog: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

export const systemClock: Clock = { now: () => Date.now() / 1000, monotonicMs: () => performance.now() };
