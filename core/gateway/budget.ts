/** Token bucket: `perSecond` on average, `burst` at once after a pause. Time is handed in, monotonic milliseconds. */
export class Bucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#atMs = nowMs;
  }

  /** Takes `amount` if it is there. */
  take(nowMs: number, amount = 1): boolean {
    this.#refill(nowMs);
    if (this.#tokens < amount) return false;
    this.#tokens -= amount;
    return true;
  }

  /** Takes it whether it is there or not: what is missing has to come in first. */
  spend(nowMs: number, amount: number): void {
    this.#refill(nowMs);
    this.#tokens -= amount;
  }

  /** Whether more was spent than was there. */
  isInDebt(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#tokens < 0;
  }

  /** Whether nothing was taken lately. */
  isFull(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#tokens >= this.#burst;
  }

  #refill(nowMs: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#atMs) / 1000) * this.#perSecond);
    this.#atMs = nowMs;
  }
}

/** Notices who stays above a rate for some seconds on end. */
export class FloodWatch {
  readonly #messagesPerSecond: number;
  readonly #bytesPerSecond: number;
  readonly #seconds: number;
  #startedMs: number;
  #messages = 0;
  #bytes = 0;
  #flooded = 0;

  constructor(messagesPerSecond: number, bytesPerSecond: number, seconds: number, nowMs: number) {
    this.#messagesPerSecond = messagesPerSecond;
    this.#bytesPerSecond = bytesPerSecond;
    this.#seconds = seconds;
    this.#startedMs = nowMs;
  }

  /** Counts a message; true once every one of the last seconds was above the rate. */
  count(bytes: number, nowMs: number): boolean {
    const pastMs = nowMs - this.#startedMs;
    if (pastMs >= 1000) {
      const over =
        this.#messages * 1000 > this.#messagesPerSecond * pastMs || this.#bytes * 1000 > this.#bytesPerSecond * pastMs;
      this.#flooded = over ? this.#flooded + pastMs / 1000 : 0;
      this.#startedMs = nowMs;
      this.#messages = 0;
      this.#bytes = 0;
    }
    this.#messages += 1;
    this.#bytes += bytes;
    return this.#flooded >= this.#seconds;
  }
}
