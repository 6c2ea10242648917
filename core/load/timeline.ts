/** The run second by second, for the charts. */

/** One second, by when the answers came. Times are exact here. */
export type Second = {
  /** From the start of the run. */
  readonly at: number;
  readonly requests: number;
  readonly errors: number;
  /** By code; empty when there were none. */
  readonly codes: Readonly<Record<string, number>>;
  /** Players that had come in and were at work at its end. */
  readonly players: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
};

export class Timeline {
  readonly seconds: Second[] = [];
  /** Players at work. */
  players = 0;
  readonly #nowMs: () => number;
  #startMs: number;
  #times: number[] = [];
  #codes = new Map<string, number>();

  /** @param nowMs  A clock that never goes back. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  /** The first second begins now. */
  start(): void {
    this.#startMs = this.#nowMs();
  }

  get secondsPast(): number {
    return (this.#nowMs() - this.#startMs) / 1_000;
  }

  answered(ms: number): void {
    this.roll();
    this.#times.push(ms);
  }

  failed(code: string): void {
    this.roll();
    this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
  }

  /** Closes the seconds that are over. */
  roll(): void {
    while (this.seconds.length < Math.floor(this.secondsPast)) this.#push();
  }

  /** Closes the last one, too, when anything was in it. */
  close(): void {
    this.roll();
    if (this.#times.length > 0 || this.#codes.size > 0) this.#push();
  }

  #push(): void {
    const times = this.#times.sort((a, b) => a - b);
    this.seconds.push({
      at: this.seconds.length,
      requests: times.length,
      errors: [...this.#codes.values()].reduce((sum, count) => sum + count, 0),
      codes: Object.fromEntries(this.#codes),
      players: this.players,
      ...{ p50: exact(times, 50), p99: exact(times, 99), max: times.at(-1) ?? 0 },
    });
    this.#times = [];
    this.#codes = new Map();
  }
}

/** The smallest value that so many percent are at most. */
function exact(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}
