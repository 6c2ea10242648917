/** Who may collide with whom: nobody with those it ignores, and with no more than planck can solve in a step. */
import type { Fixture } from 'planck-js';
import { type Body, type Entries, type Entry, entryOf, isIgnored } from './entry.ts';

/**
 * Contacts of one dynamic body with other dynamic ones, and with everything else; beyond it bodies pass through each
 * other. Bodies of one size never get so many: there is no room for them (crowd.ts).
 */
const MOST_CONTACTS = 40;
const MOST_FIXED_CONTACTS = 64;
/** Steps between two tries of contacts that were left out for that. */
const RETRY_STEPS = 4;

export type Contacts = {
  /** planck asks this once when two boxes begin to overlap: the place to leave out pairs. */
  mayCollide(fixture: Fixture, other: Fixture): boolean;
  /** Call before each step: planck does not ask again for a pair it has left out until one of them has moved away, it is asked to. */
  retry(): void;
};

export function createContacts(entries: Entries): Contacts {
  let stepCount = 0;
  const refused = new Set<Entry>();

  return {
    mayCollide(fixture, other) {
      const [a, b] = [entryOf(entries, fixture), entryOf(entries, other)];
      if (a && b && isIgnored(a, b)) return false;
      const [one, two] = [fixture.getBody(), other.getBody()];
      const both = one.isDynamic() && two.isDynamic();
      if (meets(one, two) || (hasRoom(one, both) && hasRoom(two, both))) return true;
      if (a) refused.add(a);
      if (b) refused.add(b);
      return false;
    },
    retry() {
      if (stepCount++ % RETRY_STEPS !== 0 || refused.size === 0) return;
      const retried = [...refused].filter(({ id, body }) => entries.has(id) && body.isAwake());
      refused.clear();
      for (const { fixture } of retried.sort((a, b) => (a.id < b.id ? -1 : 1))) fixture.refilter();
    },
  };
}

/** Whether the two have a contact already: a retry asks for those again as well. */
function meets(one: Body, two: Body): boolean {
  for (let edge = one.getContactList(); edge; edge = edge.next ?? null) if (edge.other === two) return true;
  return false;
}

function hasRoom(body: Body, withDynamic: boolean): boolean {
  if (!body.isDynamic()) return true;
  const most = withDynamic ? MOST_CONTACTS : MOST_FIXED_CONTACTS;
  return countContacts(body, (other) => other.isDynamic() === withDynamic) < most;
}

export function countContacts(body: Body, counts: (other: Body) => boolean): number {
  let count = 0;
  for (let edge = body.getContactList(); edge; edge = edge.next ?? null) {
    if (edge.other && counts(edge.other)) count++;
  }
  return count;
}

/** A body that is moved, opened or closed by hand does not wake those that lean on it. */
export function wakeNeighbours(body: Body): void {
  for (let edge = body.getContactList(); edge; edge = edge.next ?? null) {
    if (edge.contact.isTouching()) edge.other?.setAwake(true);
  }
}
