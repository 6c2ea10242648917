/**
 * Calls marked `once`: the first is asked, and what repeats it gets the same answer, also after a restart. A first caller
 * who was let go may still have been heard: who repeats waits until that is known.
 */
import type { ZoneId } from '../contract/link.ts';
import type { Clock, Log, ZoneAnswer, ZoneAsk } from '../contract/ports.ts';
import type { Store } from '../store/store.ts';
import { type Asked, within } from './asks.ts';

export type OncesOptions = {
  readonly store: Pick<Store, 'onceAnswer' | 'forgetOnce'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Longest time that somebody who repeats waits for the first. */
  readonly askMs: number;
  /** Time that an answer is remembered. */
  readonly onceMs: number;
  /** Asks the zone. @throws HostError zone.* */
  readonly ask: (zone: ZoneId, ask: ZoneAsk) => Omit<Asked, 'ask'>;
};

const forgetEveryMs = 60_000;

export class Onces {
  readonly #options: OncesOptions;
  /** What becomes of those that are not settled yet, by owner and mark. */
  readonly #open = new Map<string, Promise<ZoneAnswer>>();
  #forgetting: NodeJS.Timeout | undefined;

  constructor(options: OncesOptions) {
    this.#options = options;
  }

  /** Removes old answers from time to time. */
  start(): void {
    const { store, log } = this.#options;
    this.#forgetting = setInterval(() => {
      store.forgetOnce(this.#oldest()).catch((error) => log.warn({ error }, 'old answers not removed'));
    }, forgetEveryMs);
  }

  stop(): void {
    clearInterval(this.#forgetting);
  }

  async ask(zone: ZoneId, ask: ZoneAsk & { type: 'call' }, once: string): Promise<ZoneAnswer> {
    const key = `${ask.owner}\n${once}`;
    const first = this.#open.get(key);
    if (first) return await within(first, this.#options.askMs);
    const fate = Promise.withResolvers<ZoneAnswer>();
    fate.promise.catch(() => {}).finally(() => this.#open.delete(key));
    this.#open.set(key, fate.promise);
    try {
      const found = await this.#options.store.onceAnswer(ask.owner, once, this.#oldest());
      if (found) {
        const outcome = { call: 0, ok: true, result: found.answer, durable: true } as const;
        fate.resolve({ tick: found.tick, outcome });
        return await fate.promise;
      }
      const { answered, settled } = this.#options.ask(zone, ask);
      fate.resolve(settled);
      return await answered;
    } catch (error) {
      fate.reject(error);
      throw error;
    }
  }

  /** Unix seconds; what is older is forgotten. */
  #oldest(): number {
    return this.#options.clock.now() - this.#options.onceMs / 1_000;
  }
}
