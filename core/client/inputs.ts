import type { JsonObject } from '../contract/content.ts';

/** Numbers inputs and sends them no more often than the zone ticks; of those between, only the newest. */
export class Inputs {
  /** Least time between two, in milliseconds. */
  everyMs = 50;
  #seq = 0;
  #sentMs = Number.NEGATIVE_INFINITY;
  #next: JsonObject | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #send: (input: JsonObject) => void;

  constructor(send: (input: JsonObject) => void) {
    this.#send = send;
  }

  put(fields: JsonObject): number {
    this.#seq += 1;
    this.#next = { ...fields, seq: this.#seq };
    if (this.#timer === undefined) {
      const waitMs = this.#sentMs + this.everyMs - performance.now();
      if (waitMs <= 0) this.#flush();
      else this.#timer = setTimeout(() => this.#flush(), waitMs);
    }
    return this.#seq;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#next = undefined;
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#next === undefined) return;
    this.#sentMs = performance.now();
    this.#send(this.#next);
    this.#next = undefined;
  }
}
