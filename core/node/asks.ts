/** Requests to one zone: those that wait until it runs, and those handed to its worker. */
import { HostError } from '../contract/errors.ts';
import type { CallOutcome, InboxItem } from '../contract/link.ts';
import type { ZoneAnswer, ZoneAsk } from '../contract/ports.ts';

/** One request until it is answered or refused; both are harmless the second time. */
export type Ask = {
  readonly ask: ZoneAsk;
  readonly answer: (answer: ZoneAnswer) => void;
  readonly refuse: (error: HostError) => void;
};

/** @param deadlineMs  Then the caller hears `call.timeout`, whatever comes later. */
export function createAsk(
  ask: ZoneAsk,
  deadlineMs: number,
): { readonly ask: Ask; readonly answered: Promise<ZoneAnswer> } {
  const { promise, resolve, reject } = Promise.withResolvers<ZoneAnswer>();
  const timer = setTimeout(() => reject(new HostError('call.timeout')), deadlineMs);
  return {
    ask: {
      ask,
      answer(answer) {
        clearTimeout(timer);
        resolve(answer);
      },
      refuse(error) {
        clearTimeout(timer);
        reject(error);
      },
    },
    answered: promise,
  };
}

export function toItem(ask: ZoneAsk, call: number): InboxItem {
  switch (ask.type) {
    case 'join':
      return { type: 'join', call, owner: ask.owner, name: ask.name, character: ask.character };
    case 'say':
      return { type: 'say', call, owner: ask.owner, character: ask.character, text: ask.text };
    case 'inspect':
      return { type: 'inspect', call, object: ask.object };
    case 'call': {
      const { owner, character, object, method, params, durable } = ask;
      return { type: 'call', call, owner, character, object, method, params, durable };
    }
  }
}

/**
 * The answer waits for the commit of its tick: a durable call, and a new character, which a worker that dies a moment
 * later must not take along.
 */
export function isDurable(ask: ZoneAsk, outcome: CallOutcome): boolean {
  if (!outcome.ok) return false;
  if (ask.type === 'join') return (outcome.result as { made?: unknown } | null)?.made !== false;
  return outcome.durable || (ask.type === 'call' && ask.durable);
}

/** Requests that wait until the zone runs: bounded by owner and by time. */
export class Waiting {
  readonly #each: number;
  readonly #limitMs: number;
  readonly #asks = new Map<Ask, NodeJS.Timeout>();

  /** @param each  Requests of one owner at a time. */
  constructor(each: number, limitMs: number) {
    this.#each = each;
    this.#limitMs = limitMs;
  }

  get size(): number {
    return this.#asks.size;
  }

  add(ask: Ask): void {
    const owner = ownerOf(ask.ask);
    let count = 0;
    for (const other of this.#asks.keys()) if (ownerOf(other.ask) === owner) count++;
    if (count >= this.#each) return ask.refuse(new HostError('zone.unavailable'));
    const timer = setTimeout(() => {
      this.#asks.delete(ask);
      ask.refuse(new HostError('zone.unavailable'));
    }, this.#limitMs);
    this.#asks.set(ask, timer);
  }

  /** All of them, in order; none waits here any more. */
  take(): readonly Ask[] {
    const asks = [...this.#asks.keys()];
    for (const timer of this.#asks.values()) clearTimeout(timer);
    this.#asks.clear();
    return asks;
  }
}

function ownerOf(ask: ZoneAsk): string {
  return ask.type === 'inspect' ? '' : ask.owner;
}
