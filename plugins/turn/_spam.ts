/** How much one address may ask: so many requests a second; who does not stop is not answered for a while. */

/** Of a second's worth: what may come at once after a pause. */
const burstS = 2;
/** A registration takes a place from others. */
export const registerCost = 10;
/** Refused requests, within the time, after which nothing is answered for the time. */
const refusedMost = 100;
const refusedS = 10;
const barredS = 30;

type Use = { tokens: number; atS: number; refused: number; sinceS: number; barredUntilS: number };

export class Spam {
  readonly #perSecond: () => number;
  readonly #uses = new Map<string, Use>();

  constructor(perSecond: () => number) {
    this.#perSecond = perSecond;
  }

  /** @returns Seconds to wait; 0 when the request is within bounds, which takes it from them. */
  take(address: string, cost: number, nowS: number): number {
    const use = this.#useOf(address, nowS);
    if (use.barredUntilS > nowS) return use.barredUntilS - nowS;
    if (use.tokens >= cost) {
      use.tokens -= cost;
      return 0;
    }
    if (nowS - use.sinceS > refusedS) Object.assign(use, { refused: 0, sinceS: nowS });
    use.refused += 1;
    if (use.refused >= refusedMost) Object.assign(use, { refused: 0, barredUntilS: nowS + barredS });
    return Math.max(use.barredUntilS - nowS, (cost - use.tokens) / this.#perSecond());
  }

  /** Forgets whoever has recovered. */
  sweep(nowS: number): void {
    const full = this.#full();
    for (const [address, { tokens, atS, barredUntilS }] of this.#uses)
      if (barredUntilS <= nowS && tokens + (nowS - atS) * this.#perSecond() >= full) this.#uses.delete(address);
  }

  /** However little it is set to, one may register. */
  #full(): number {
    return Math.max(burstS * this.#perSecond(), registerCost);
  }

  #useOf(address: string, nowS: number): Use {
    const full = this.#full();
    const use = this.#uses.get(address) ?? { tokens: full, atS: nowS, refused: 0, sinceS: nowS, barredUntilS: 0 };
    use.tokens = Math.min(full, use.tokens + (nowS - use.atS) * this.#perSecond());
    use.atS = nowS;
    this.#uses.set(address, use);
    return use;
  }
}
