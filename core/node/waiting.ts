/** What waits until a zone runs: requests, bounded by owner and by time, and what reaches it meanwhile. */
import { HostError } from '../contract/errors.ts';
import type { InboxItem, ObjectId } from '../contract/link.ts';
import type { ZoneAsk } from '../contract/ports.ts';
import type { Ask } from './asks.ts';

export class Waiting {
  readonly #each: number;
  readonly #limitMs: number;
  readonly #asks = new Map<Ask, NodeJS.Timeout>();
  #items: InboxItem[] = [];

  /** @param each  Requests of one owner at a time. */
  constructor(each: number, limitMs: number) {
    this.#each = each;
    this.#limitMs = limitMs;
  }

  /** Requests. */
  get size(): number {
    return this.#asks.size;
  }

  /** Objects that are on their way in. */
  get arriving(): ReadonlySet<ObjectId> {
    return new Set(this.#items.flatMap((item) => (item.type === 'arrive' ? item.objects : [])).map(({ id }) => id));
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

  push(item: InboxItem): void {
    this.#items.push(item);
  }

  /** What a life had been given and did not come to: it goes before all else, but for what was of its moment. */
  putBack(items: readonly InboxItem[]): void {
    this.#items.unshift(...items.filter(({ type }) => type !== 'input' && type !== 'take'));
  }

  /** All requests, in order; none waits here any more. */
  takeAsks(): readonly Ask[] {
    const asks = [...this.#asks.keys()];
    for (const timer of this.#asks.values()) clearTimeout(timer);
    this.#asks.clear();
    return asks;
  }

  /** All of the rest, in order; none waits here any more. */
  takeItems(): readonly InboxItem[] {
    return this.#items.splice(0);
  }

  dropItems(): void {
    this.#items = [];
  }

  /** Nobody is answered. @param error  A HostError is told as it is, any other as `zone.failed`. */
  refuse(error: unknown): void {
    const refusal = error instanceof HostError ? error : new HostError('zone.failed');
    for (const ask of this.takeAsks()) ask.refuse(refusal);
  }
}

function ownerOf(ask: ZoneAsk): string {
  return ask.type === 'inspect' ? '' : ask.owner;
}
