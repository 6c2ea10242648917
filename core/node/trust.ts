/** How careful a zone is to be run after it ended workers and nobody knows by what. */
import type { Caution } from '../contract/link.ts';

/** An unexplained end counts for so long. */
const withinMs = 600_000;
/** So many, and it runs without scripts and physics. */
const unexplainedMost = 2;

export class Trust {
  #unexplained: number[] = [];
  #next: Caution = 'none';

  /** For the next life; the one after is trusted again unless something happens. */
  take(): Caution {
    const next = this.#next;
    this.#next = 'none';
    return next;
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
