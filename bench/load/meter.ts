/** Counts what clients get between `begin` and `end`. */
import { percentile } from '../report.ts';
import type { Counts, LoadClient, LoadReport } from './client.ts';

/** Views are looked at this often. */
const lookMs = 500;
const mostSizes = 2000;

export class Meter {
  readonly #clients: readonly LoadClient[];
  #before: Counts[] = [];
  #startMs = 0;
  #cpuStart = process.cpuUsage();
  #inputs = 0;
  #latencies: number[] = [];
  #sizes: number[] = [];
  #seen = { sum: 0, looks: 0 };
  #lateMs = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(clients: readonly LoadClient[]) {
    this.#clients = clients;
  }

  begin(inputs: number): void {
    this.#before = this.#clients.map(({ counts }) => ({ ...counts }));
    this.#startMs = performance.now();
    this.#cpuStart = process.cpuUsage();
    this.#inputs = inputs;
    this.#latencies = [];
    this.#sizes = [];
    this.#seen = { sum: 0, looks: 0 };
    this.#lateMs = 0;
    this.#timer = setInterval(() => this.#look(), lookMs);
  }

  stamped(ms: number): void {
    this.#latencies.push(ms);
  }

  late(ms: number): void {
    this.#lateMs = Math.max(this.#lateMs, ms);
  }

  end(inputs: number): LoadReport {
    clearInterval(this.#timer);
    const seconds = (performance.now() - this.#startMs) / 1000;
    const gone = this.#clients.map(({ counts }, at) => {
      const before = this.#before[at] ?? { messages: 0, bytes: 0, last: 0, tick: 0 };
      return {
        messages: counts.messages - before.messages,
        bytes: counts.bytes - before.bytes,
        ticks: counts.tick - before.tick,
      };
    });
    const { user, system } = process.cpuUsage(this.#cpuStart);
    const latencies = this.#latencies.length === 0 ? [0] : this.#latencies;
    const ticking = gone.filter(({ ticks }) => ticks > 0).map(({ ticks }) => ticks);
    return {
      seconds,
      clients: this.#clients.length,
      messages: total(gone.map(({ messages }) => messages)),
      bytes: total(gone.map(({ bytes }) => bytes)),
      ticks: ticking.length === 0 ? 0 : percentile(ticking, 50),
      inputs: inputs - this.#inputs,
      inView: this.#seen.looks === 0 ? 0 : this.#seen.sum / this.#seen.looks,
      latencyMs: {
        count: this.#latencies.length,
        p50: percentile(latencies, 50),
        p99: percentile(latencies, 99),
        most: percentile(latencies, 100),
      },
      sizes: this.#sizes,
      ownCpu: (user + system) / 1e6 / seconds,
      lateMs: this.#lateMs,
    };
  }

  #look(): void {
    for (const client of this.#clients) {
      if (this.#sizes.length < mostSizes) this.#sizes.push(client.counts.last);
      const seen = client.view().length;
      if (seen === 0) continue;
      this.#seen.sum += seen;
      this.#seen.looks += 1;
    }
  }
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
