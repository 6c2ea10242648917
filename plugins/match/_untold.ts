/** Seats about which the zones of their matches have something to hear. */
import type { Match } from './_tickets.ts';

export class Untold {
  /** By match. */
  readonly #seats = new Map<string, Set<number>>();
  /** Matches of which this build has told every seat. */
  readonly #known = new Set<string>();

  add(match: string, seat: number): void {
    const seats = this.#seats.get(match) ?? new Set();
    this.#seats.set(match, seats.add(seat));
  }

  /** The first time all of them: what a zone was told in an earlier life may not be so any more. */
  take({ id, seats }: Match): readonly number[] {
    const untold = this.#seats.get(id);
    this.#seats.delete(id);
    if (untold === undefined) return [];
    if (this.#known.has(id)) return [...untold];
    this.#known.add(id);
    return [...seats.keys()];
  }

  forget(match: string): void {
    this.#seats.delete(match);
    this.#known.delete(match);
  }
}
