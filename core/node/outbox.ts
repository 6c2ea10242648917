/** Items on their way to one zone: what comes in during one turn of the loop goes to the worker as one message. */
import type { InboxItem } from '../contract/link.ts';
import type { SendOutcome } from '../link/pipe.ts';

type Entry = { readonly item: InboxItem; readonly refused: (() => void) | null };

export type OutboxOptions = {
  readonly send: (items: readonly InboxItem[]) => SendOutcome;
};

const retryMs = 20;

export class Outbox {
  readonly #send: OutboxOptions['send'];
  #entries: Entry[] = [];
  #immediate: NodeJS.Immediate | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor({ send }: OutboxOptions) {
    this.#send = send;
  }

  /**
   * @param refused  Called when too much is on its way to the worker. Without it the item is kept until there is room,
   *                 save inputs, of which the next one says more.
   */
  push(item: InboxItem, refused: (() => void) | null = null): void {
    this.#entries.push({ item, refused });
    this.#immediate ??= setImmediate(() => this.flush());
  }

  flush(): void {
    this.#clear();
    if (this.#entries.length === 0) return;
    const entries = this.#entries;
    this.#entries = [];
    const outcome = this.#send(entries.map(({ item }) => item));
    if (outcome === 'sent') return;
    // What cannot be lost is tried again; a worker that is gone takes the outbox along.
    for (const entry of entries) {
      if (entry.refused) entry.refused();
      else if (entry.item.type !== 'input') this.#entries.push(entry);
    }
    if (outcome !== 'closed' && this.#entries.length > 0) this.#timer = setTimeout(() => this.flush(), retryMs);
  }

  /** Stops sending, and gives what was not sent. */
  close(): readonly InboxItem[] {
    this.#clear();
    const items = this.#entries.map(({ item }) => item);
    this.#entries = [];
    return items;
  }

  #clear(): void {
    if (this.#immediate) clearImmediate(this.#immediate);
    if (this.#timer) clearTimeout(this.#timer);
    this.#immediate = null;
    this.#timer = null;
  }
}
