/**
 * What came in for a zone since its last tick, in arrival order. Everything that is not the same on every run (time
 * apart) enters a zone through here: a recorded inbox replays to the same world.
 */
import type { IdBlock, InboxItem } from '../contract/link.ts';

export interface Inbox {
  push(items: readonly InboxItem[]): void;
  grant(block: IdBlock): void;
  waiting(): boolean;
  take(): { readonly items: readonly InboxItem[]; readonly ids: readonly IdBlock[] };
}

export function createInbox(): Inbox {
  let items: InboxItem[] = [];
  let ids: IdBlock[] = [];

  return {
    push(more) {
      for (const item of more) items.push(item);
    },
    grant: (block) => void ids.push(block),
    waiting: () => items.length > 0 || ids.length > 0,
    take() {
      const taken = { items, ids };
      items = [];
      ids = [];
      return taken;
    },
  };
}
