/** How long things took: Node's HDR histogram, three digits exact from a microsecond to an hour. */
import { createHistogram } from 'node:perf_hooks';

/** Milliseconds. */
export type Percentiles = {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
};

/** So much of the requests took at most so long. */
export type CurvePoint = { readonly percent: number; readonly ms: number };

const longestUs = 3_600_000_000;

export class Latencies {
  readonly #histogram = createHistogram({ lowest: 1, highest: longestUs, figures: 3 });
  /** The histogram rounds up to its digits; these are as they were. */
  #least = Number.POSITIVE_INFINITY;
  #most = 0;

  add(ms: number): void {
    this.#least = Math.min(this.#least, ms);
    this.#most = Math.max(this.#most, ms);
    this.#histogram.record(Math.min(longestUs, Math.max(1, Math.round(ms * 1_000))));
  }

  /** Milliseconds that so many percent of them took at most. */
  percentile(percent: number): number {
    return this.count === 0 ? 0 : Math.min(this.#most, this.#histogram.percentile(percent) / 1_000);
  }

  get count(): number {
    return this.#histogram.count;
  }

  get percentiles(): Percentiles {
    if (this.count === 0) return { count: 0, mean: 0, min: 0, p50: 0, p90: 0, p99: 0, max: 0 };
    const [p50, p90, p99] = [50, 90, 99].map((percent) => this.percentile(percent)) as [number, number, number];
    return { count: this.count, mean: this.#histogram.mean / 1_000, min: this.#least, p50, p90, p99, max: this.#most };
  }

  /** From the quickest to the slowest, ever finer towards the end. */
  get curve(): readonly CurvePoint[] {
    if (this.count === 0) return [];
    return [...this.#histogram.percentiles].map(([percent, us]) => ({
      percent,
      ms: percent === 100 ? this.#most : Math.min(this.#most, us / 1_000),
    }));
  }
}
