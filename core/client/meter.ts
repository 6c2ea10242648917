/** What a curious player sees of the line. */
export class Meter {
  pingMs = 0;
  resyncs = 0;
  #bytes = 0;
  #sinceMs: number | undefined;
  #rate = 0;

  /** A packet came; text counts as one byte a character, which is what nearly all of it is. */
  received(data: unknown, nowMs: number): void {
    this.#roll(nowMs);
    if (typeof data === 'string') this.#bytes += data.length;
  }

  answered(tookMs: number): void {
    this.pingMs = this.pingMs === 0 ? tookMs : this.pingMs + (tookMs - this.pingMs) * 0.3;
  }

  bytesPerSecond(nowMs: number): number {
    this.#roll(nowMs);
    return Math.round(this.#rate);
  }

  #roll(nowMs: number): void {
    this.#sinceMs ??= nowMs;
    const pastMs = nowMs - this.#sinceMs;
    if (pastMs < 1000) return;
    this.#rate = (this.#bytes * 1000) / pastMs;
    this.#bytes = 0;
    this.#sinceMs = nowMs;
  }
}
