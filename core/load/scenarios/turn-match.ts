/** Who of a run plays with whom in the scenario `turn`, and what they have sent each other. */
import type { Run } from '../definition.ts';
import type { Thread } from '../thread.ts';

/** A match of two players of this run. */
export class TurnMatch {
  /** By the seat that sends. */
  readonly #threads: readonly [Thread, Thread];
  readonly #done = [false, false];

  constructor(run: Pick<Run, 'thread'>) {
    this.#threads = [run.thread(), run.thread()];
  }

  /** Texts that this seat sends. */
  from(seat: number): Thread {
    return this.#threads[seat === 0 ? 0 : 1];
  }

  /** Texts that this seat is sent. */
  to(seat: number): Thread {
    return this.from(1 - seat);
  }

  /** It sends no more. */
  ends(seat: number): void {
    this.#done[seat] = true;
  }

  /** Both send no more, and everything has arrived. */
  get isDone(): boolean {
    return this.#done.every(Boolean) && this.#threads.every(({ waiting }) => waiting === 0);
  }

  /** One is out of it: what is under way is cut off, by an error that is counted or by the end of the run. */
  cut(): void {
    for (const thread of this.#threads) thread.cut();
    this.#done.fill(true);
  }
}

/** Of all players of a run. */
export class TurnMatches {
  /** Everybody registers by a new name each time: two names are one match. */
  readonly #names = new Set<string>();
  readonly #matches = new Map<string, TurnMatch>();

  register(name: string): void {
    this.#names.add(name);
  }

  /** Undefined when one of them is not of this run: what he sends is not known. */
  between(one: string, other: string, run: Pick<Run, 'thread'>): TurnMatch | undefined {
    if (!this.#names.has(other)) return undefined;
    const key = [one, other].sort().join(' ');
    const match = this.#matches.get(key) ?? new TurnMatch(run);
    this.#matches.set(key, match);
    return match;
  }
}
