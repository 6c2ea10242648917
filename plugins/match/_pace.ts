/** How often one address may begin: a match has a zone to open, rows to write, and all of that to remove again. */
import { HostError, perNode } from 'roost/plugin';

/** Questions of one address at once after a pause, for each of its tickets, and in a second in the long run. */
const burstFactor = 2;
const perSecond = 1;
/** Addresses that are remembered before those that have recovered are forgotten. */
const most = 1_000;

export class Pace {
  readonly #uses = new Map<string, { tokens: number; at: number }>();

  /** @param perAddress  Tickets that an address may have. @param now  Seconds. @throws HostError call.too-fast */
  take(address: string, perAddress: number, now: number): void {
    const full = burstFactor * perAddress;
    const filled = ({ tokens, at }: { readonly tokens: number; readonly at: number }) =>
      Math.min(full, tokens + (now - at) * perSecond);
    if (this.#uses.size >= most)
      for (const [other, use] of this.#uses) if (filled(use) >= full) this.#uses.delete(other);
    const use = this.#uses.get(address);
    const tokens = use ? filled(use) : full;
    if (tokens < 1) {
      const retryS = Math.ceil((1 - tokens) / perSecond);
      throw new HostError('call.too-fast', `Your address asks for matches too often: wait ${retryS} s`, { retryS });
    }
    this.#uses.set(address, { tokens: tokens - 1, at: now });
  }
}

/** Of the node whose host it is. */
export const paceOf = perNode<Pace>(() => new Pace());
