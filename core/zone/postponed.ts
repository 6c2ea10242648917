/**
 * Durable calls of scripts whose migration is not proven yet: what they do could be taken back together with it. They
 * wait until it is settled which build stays, and are made then, so that what is answered is never undone.
 */
import type { InboxItem, ObjectId } from '../contract/link.ts';

export interface Postponed {
  /** Durable calls of objects with these scripts wait from now on. */
  hold(scripts: readonly string[]): void;
  /** It is settled: none waits any more. */
  release(): void;
  /** What of these items is for this tick, behind what has waited long enough. */
  admit(items: readonly InboxItem[]): readonly InboxItem[];
  /** Whether calls may have to wait. */
  holding(): boolean;
  /** Whether the next tick has something to do that has waited. */
  waiting(): boolean;
}

/**
 * @param scriptsOf  Of an object of the zone, or of the zone itself.
 * @param isDurable  Whether a script declares the method so; whoever called did not always know.
 */
export function createPostponed(
  scriptsOf: (object: ObjectId) => readonly string[],
  isDurable: (script: string, method: string) => boolean,
): Postponed {
  const scripts = new Set<string>();
  let held: InboxItem[] = [];
  let free: readonly InboxItem[] = [];

  function waits(item: InboxItem): boolean {
    if (item.type !== 'call') return false;
    const of = scriptsOf(item.object);
    if (!of.some((script) => scripts.has(script))) return false;
    return item.durable || of.some((script) => isDurable(script, item.method));
  }

  return {
    hold(more) {
      for (const script of more) scripts.add(script);
    },
    release() {
      scripts.clear();
      free = [...free, ...held];
      held = [];
    },
    admit(items) {
      const all = [...free, ...items];
      free = [];
      if (scripts.size === 0) return all;
      held.push(...all.filter(waits));
      return all.filter((item) => !waits(item));
    },
    holding: () => scripts.size > 0 || held.length > 0,
    waiting: () => free.length > 0,
  };
}
