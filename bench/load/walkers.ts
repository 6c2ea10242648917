/**
 * Has every client walk in a circle of 20 m round where it appeared: everybody moves all the time, crosses cells and sees
 * others come and go, and all stay spread as they were. Inputs are spread evenly over time.
 */
import type { LoadClient, LoadOptions } from './client.ts';

const circleRadius = 20;
/** Inputs that are due are sent this often, so that they don't come in one lump. */
const everyMs = 10;

export class Walkers {
  /** Inputs sent so far. */
  sent = 0;
  readonly #clients: readonly LoadClient[];
  readonly #options: LoadOptions;
  readonly #late: (ms: number) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #startMs = 0;
  #lastMs = 0;
  #next = 0;
  #due = 0;

  /** @param late  Told how late each turn came. */
  constructor(clients: readonly LoadClient[], options: LoadOptions, late: (ms: number) => void) {
    this.#clients = clients;
    this.#options = options;
    this.#late = late;
  }

  start(): void {
    this.#startMs = performance.now();
    this.#lastMs = this.#startMs;
    this.#timer = setInterval(() => this.#turn(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #turn(): void {
    const nowMs = performance.now();
    const passedMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    this.#late(passedMs - everyMs);
    // After a pause nobody sends what it would have sent meanwhile.
    this.#due += Math.min(passedMs, 100) * 0.001 * this.#options.inputsPerSecond * this.#clients.length;
    for (; this.#due >= 1; this.#due--) {
      this.#next = (this.#next + 1) % this.#clients.length;
      this.#send(this.#next, (nowMs - this.#startMs) / 1000);
    }
  }

  #send(index: number, seconds: number): void {
    const way = index % 2 === 0 ? 1 : -1;
    // The golden angle: neighbours in the list walk in quite different directions.
    const angle = index * 2.399963 + (way * seconds * this.#options.metresPerSecond) / circleRadius;
    this.sent += 1;
    this.#clients[index]?.input(this.sent, toHundredth(Math.cos(angle)), toHundredth(Math.sin(angle)));
  }
}

function toHundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
