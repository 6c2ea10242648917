/** Who may play with whom. */
import { type ModeSpec, type NumberRule, toSkeleton } from 'roost/plugin';
import { personOf, type Ticket } from './_tickets.ts';

/** Seconds from the question until it was put together with others, or until now. */
export function waitedOf({ asked, matched }: Ticket, now: number): number {
  return Math.max(0, (matched ?? now) - asked);
}

/** How far two may differ after so many seconds. */
export function windowAt({ windows, every, grow, most }: NumberRule, waited: number): number {
  if (grow === null) return windows[Math.floor(waited / every)] ?? Number.POSITIVE_INFINITY;
  const width = (windows[0] ?? 0) + grow * waited;
  return most === null ? width : Math.min(width, Math.max(most, windows[0] ?? 0));
}

/** Whether what they bring goes together, whoever they are. Of two the one that has waited longer decides. */
export function agree(mode: ModeSpec, one: Ticket, other: Ticket, now: number): boolean {
  for (const text of mode.texts) {
    const [mine, theirs] = [own(one.texts, text), own(other.texts, text)];
    if (mine !== undefined && theirs !== undefined && mine !== theirs) return false;
  }
  const waited = Math.max(waitedOf(one, now), waitedOf(other, now));
  return mode.numbers.every((rule) => {
    const mine = own(one.numbers, rule.name) ?? rule.usual;
    const theirs = own(other.numbers, rule.name) ?? rule.usual;
    // A number that the mode has only now was asked of nobody.
    if (mine === null || theirs === null) return true;
    return Math.abs(rule.adds ? mine + theirs : mine - theirs) <= windowAt(rule, waited);
  });
}

/** Whether two may meet at all: not the same person, and nobody blocked the other. */
export function mayMeet(one: Ticket, other: Ticket): boolean {
  if (isSame(one, other)) return false;
  return !one.walls.includes(personOf(other)) && !other.walls.includes(personOf(one));
}

export function mayAllMeet(tickets: readonly Ticket[]): boolean {
  return tickets.every((one, at) => tickets.slice(at + 1).every((other) => mayMeet(one, other)));
}

function isSame(one: Ticket, other: Ticket): boolean {
  return (
    one.owner === other.owner ||
    (one.account !== null && one.account === other.account) ||
    (one.session !== null && one.session === other.session)
  );
}

/** Whoever named somebody plays with those alone, and they have to have named him too. */
export function wantEachOther(one: Ticket, other: Ticket): boolean {
  if (one.wants.length === 0 && other.wants.length === 0) return true;
  return namesHim(one, other) && namesHim(other, one);
}

export function namesHim({ wants }: Ticket, { name }: Pick<Ticket, 'name'>): boolean {
  return name !== null && wants.includes(toSkeleton(name));
}

/** A value of its own: a stranger may call one `constructor`. */
function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
