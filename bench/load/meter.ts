/** Counts what clients get between `begin` and `end`. */
import { percentile } from '../report.ts';
import type { Counts, LoadClient, LoadReport, Seen } from './client.ts';

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
  /** Where each stood at the last look, and how far all went between looks. */
  readonly #places = new Map<string, Seen>();
  #walked = { metres: 0, looks: 0 };
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
    this.#walked = { metres: 0, looks: 0 };
    this.#places.clear();
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
      walked: this.#walked.looks === 0 ? 0 : this.#walked.metres / ((this.#walked.looks * lookMs) / 1000),
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
      const view = client.view();
      if (view.length === 0) continue;
      this.#seen.sum += view.length;
      this.#seen.looks += 1;
      this.#follow(view.find(({ id }) => id === client.id));
    }
  }

  #follow(now: Seen | undefined): void {
    if (now === undefined) return;
    const before = this.#places.get(now.id);
    this.#places.set(now.id, now);
    if (before === undefined) return;
    this.#walked.metres += Math.hypot(now.x - before.x, now.y - before.y);
    this.#walked.looks += 1;
  }
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
