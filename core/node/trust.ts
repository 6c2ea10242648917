/** How soon, and how carefully, a zone is run again that ended its worker. */
import type { Caution } from '../contract/link.ts';

/** An unexplained end counts for so long. */
const withinMs = 600_000;
/** So many, and it runs without scripts and physics. */
const unexplainedMost = 2;

/** More ends than this within a minute, and it waits before its next life, up to the most. */
const quickLives = 3;
const quickWithinMs = 60_000;
const waitMostMs = 8_000;

export class Trust {
  #ends: number[] = [];
  #unexplained: number[] = [];
  #next: Caution = 'none';

  /** For the next life; the one after is trusted again unless something happens. */
  take(): Caution {
    const next = this.#next;
    this.#next = 'none';
    return next;
  }

  /** One more end was its own doing. @returns Milliseconds until its next life may begin. */
  waitMs(nowMs: number): number {
    this.#ends = [...this.#ends.filter((at) => nowMs - at < quickWithinMs), nowMs];
    const over = this.#ends.length - quickLives;
    return over > 0 ? Math.min(waitMostMs, 250 * 2 ** over) : 0;
  }

  /** Something of the zone ended its worker, and nothing names it. */
  unexplained(nowMs: number): void {
    this.#unexplained = [...this.#unexplained.filter((at) => nowMs - at < withinMs), nowMs];
    this.#next = this.#unexplained.length < unexplainedMost ? 'careful' : 'safe';
  }

  /** What ended it has a name, and runs no more. */
  explained(): void {
    this.#unexplained = [];
    this.#next = 'none';
  }

  /** It was run without scripts and may show that it is better now. */
  again(): void {
    this.#next = 'careful';
  }
}
