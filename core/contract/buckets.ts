/** How often something took how long, in a few classes: what a histogram of the metrics is made of. */

/** Counts by class, the last one for everything above the highest bound, and the sum of all values. */
export type Spread = { readonly counts: readonly number[]; readonly sum: number };

/** Upper bounds in seconds of what a tick took and of how late it began. */
export const tickBounds: readonly number[] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25];

export class Buckets implements Spread {
  readonly #bounds: readonly number[];
  readonly counts: number[];
  sum = 0;

  /** @param bounds  Upper bounds (inclusive), rising. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  /** Allocates nothing. */
  add(value: number): void {
    let at = 0;
    while (at < this.#bounds.length && value > (this.#bounds[at] as number)) at++;
    this.counts[at] = (this.counts[at] as number) + 1;
    this.sum += value;
  }

  /** Counts what another one with the same bounds has counted. */
  addAll({ counts, sum }: Spread): void {
    for (const [at, count] of counts.entries())
      if (at < this.counts.length) this.counts[at] = (this.counts[at] as number) + count;
    this.sum += sum;
  }

  /** What was counted since the last call of this. */
  take(): Spread {
    const taken = { counts: [...this.counts], sum: this.sum };
    this.counts.fill(0);
    this.sum = 0;
    return taken;
  }
}
