/** Method name → what answers it. */
import type { Fault } from '../contract/content.ts';
import type { BuiltMethod } from './build.ts';
import { faultAt } from './locate.ts';
import type { Slot } from './slot.ts';

export type Entry = BuiltMethod & { readonly slot: Slot };

export type Registry = {
  readonly find: (name: string) => Entry | undefined;
  /** In the order of their names. */
  readonly list: () => readonly Entry[];
  /** Goes up by one at every change. */
  readonly revision: () => number;
  /** What these slots, in this order, offer. Nothing changes when there is a conflict. */
  readonly replace: (slots: readonly Slot[]) => void;
};

export function createRegistry(): Registry {
  let entries = new Map<string, Entry>();
  let revision = 0;
  return {
    find: (name) => entries.get(name),
    list: () => [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    revision: () => revision,
    replace(slots) {
      entries = new Map();
      revision += 1;
      for (const entry of slots.flatMap(entriesOf)) {
        const other = entries.get(entry.name);
        if (!other || !replaces(other, entry) || replaces(entry, other)) entries.set(entry.name, entry);
      }
    },
  };
}

/** Why `slot` may not have these methods: another has one of them, and neither replaces the other. */
export function findConflict(
  slot: Slot,
  methods: readonly BuiltMethod[],
  slots: readonly Slot[],
  claimed: ReadonlyMap<Slot, readonly BuiltMethod[]>,
): Fault | undefined {
  const others = slots.filter((other) => other !== slot);
  const taken = others.flatMap((other) => [
    ...entriesOf(other),
    ...(claimed.get(other) ?? []).map((method) => ({ ...method, slot: other })),
  ]);
  for (const method of methods) {
    const mine = { ...method, slot };
    const other = taken.find((entry) => entry.name === method.name && !replaces(entry, mine) && !replaces(mine, entry));
    if (other) return faultAt(mine, `two files claim the method ${mine.name}: ${other.shown} and ${mine.shown}`);
  }
  return undefined;
}

function entriesOf(slot: Slot): readonly Entry[] {
  return slot.current?.build.methods.map((method) => ({ ...method, slot })) ?? [];
}

function replaces(one: Entry, other: Entry): boolean {
  return one.replaces.some((name) => name === other.name || name === other.slot.name);
}
