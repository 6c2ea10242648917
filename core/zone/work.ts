/** What a tick has to do: items from outside, messages of the tick before, contacts. A stopped tick leaves it to be done again. */
import type { TickIn } from '../contract/driver.ts';
import type { InboxItem, ObjectId, Pending } from '../contract/link.ts';

export interface Work {
  readonly items: readonly InboxItem[];
  readonly contacts: TickIn['contacts'];
  /** Items that are there before the first tick. */
  begin(items: readonly InboxItem[]): void;
  /** What is new for this tick, behind what a stopped one has left: messages and contacts that waited, then these. */
  gather(entering: readonly InboxItem[]): void;
  /** Messages and contacts for the next tick. */
  messages(messages: readonly Pending[]): void;
  touched(contacts: TickIn['contacts']): void;
  /** The tick was stopped: once more. False when it was stopped for the second time, and its work is to be dropped. */
  again(): boolean;
  /** Other programs run: the tick may be tried as often as a new one. */
  forgive(): void;
  /** Leaves items out when it is tried again. Gives them. */
  drop(isDropped: (item: InboxItem) => boolean): readonly InboxItem[];
  /** It is done or given up. Gives the items it had. */
  done(): readonly InboxItem[];
  /** Whether something is left to be tried again. */
  held(): boolean;
  /** Whether the next tick has anything of this to do. */
  waiting(): boolean;
  /** Messages that have not arrived, for the persist set. */
  pending(): readonly Pending[];
  /** Who touched or called what in this tick. */
  meetings(): (character: ObjectId, object: ObjectId) => boolean;
  save(): SavedWork;
  /** `pending` are there already: the zone was made with them. */
  restore(saved: Pick<SavedWork, 'contacts'>): void;
}

type SavedWork = { readonly pending: readonly Pending[]; readonly contacts: TickIn['contacts'] };

type Held = { readonly items: readonly InboxItem[]; readonly contacts: TickIn['contacts']; readonly stops: number };

const nothing: Held = { items: [], contacts: [], stops: 0 };
/** What stops a tick so often is dropped. */
const mostStops = 2;

export function createWork(saved: readonly Pending[]): Work {
  let now = nothing;
  let messages = saved;
  let contacts: TickIn['contacts'] = [];

  return {
    get items() {
      return now.items;
    },
    get contacts() {
      return now.contacts;
    },
    begin(items) {
      now = { ...nothing, items };
    },
    gather(entering) {
      const delivered = messages.map((message) => ({ type: 'message', message }) as const);
      now = {
        items: [...now.items, ...delivered, ...entering],
        contacts: [...now.contacts, ...contacts],
        stops: now.stops,
      };
      messages = [];
      contacts = [];
    },
    messages(next) {
      messages = next;
    },
    touched(next) {
      contacts = next;
    },
    again() {
      now = { ...now, stops: now.stops + 1 };
      return now.stops < mostStops;
    },
    forgive() {
      now = { ...now, stops: 0 };
    },
    drop(isDropped) {
      const dropped = now.items.filter(isDropped);
      now = { ...now, items: now.items.filter((item) => !dropped.includes(item)) };
      return dropped;
    },
    done() {
      const { items } = now;
      now = nothing;
      return items;
    },
    held: () => now !== nothing,
    waiting: () => now.items.length + now.contacts.length + messages.length + contacts.length > 0,
    pending() {
      const held = now.items.flatMap((item) => (item.type === 'message' ? item.message : []));
      return [...held, ...messages];
    },
    meetings() {
      const met = new Set<string>();
      for (const [a, b, began] of now.contacts) {
        if (!began) continue;
        met.add(`${a} ${b}`);
        met.add(`${b} ${a}`);
      }
      for (const item of now.items) if (item.type === 'call') met.add(`${item.character} ${item.object}`);
      return (character, object) => met.has(`${character} ${object}`);
    },
    save: () => ({ pending: messages, contacts }),
    restore(saved) {
      contacts = saved.contacts;
    },
  };
}
