/** Plugins that could not be loaded while the database was away: nobody saves them again, so they are tried again by themselves. */
import type { Source } from './folder.ts';
import type { Slot } from './slot.ts';

/** Before one is tried again; doubling, since no try is ever freed. */
const awayMs = 1_000;
const awayMostMs = 60_000;

export class Retries {
  readonly #retry: (slot: Slot, source: Source) => void;
  readonly #waits = new Map<
    Slot,
    { readonly source: Source; readonly waitMs: number; readonly timer: NodeJS.Timeout }
  >();

  constructor(retry: (slot: Slot, source: Source) => void) {
    this.#retry = retry;
  }

  /** @returns Whether it is the first try of this source that failed. */
  add(slot: Slot, source: Source): boolean {
    const former = this.#waits.get(slot);
    clearTimeout(former?.timer);
    const isNew = former?.source !== source;
    const waitMs = isNew ? awayMs : Math.min(2 * former.waitMs, awayMostMs);
    const timer = setTimeout(() => this.#retry(slot, source), waitMs);
    this.#waits.set(slot, { source, waitMs, timer });
    return isNew;
  }

  stop(): void {
    for (const { timer } of this.#waits.values()) clearTimeout(timer);
  }
}
