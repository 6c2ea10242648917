/** Which of those who wait are put together: whoever came first, with the first that fit. */
import { type ModeSpec, toSkeleton } from 'roost/plugin';
import { agree, mayMeet, waitedOf, wantEachOther } from './_fits.ts';
import type { Ticket } from './_tickets.ts';

/** A ticket, or a party of them: together in a match, or not in it. */
export type Unit = { readonly tickets: readonly Ticket[]; readonly order: number };

export type Group = { readonly units: readonly Unit[]; readonly bots: number };

export type Search = {
  readonly mode: ModeSpec;
  readonly now: number;
  /** Whether two avoid each other for now. */
  readonly avoid: (one: Ticket, other: Ticket) => boolean;
  /** Comparisons that are left: the rest waits for the next turn. */
  readonly budget: { left: number };
};

/** Units tried for one group, beyond looking each over once. */
const triesMost = 5_000;

/** Whether two units may be in one match, as far as it is about these two. */
export function unitsFit(search: Search, one: Unit, other: Unit): boolean {
  return one.tickets.every((mine) => other.tickets.every((theirs) => ticketsFit(search, mine, theirs)));
}

function ticketsFit(search: Search, mine: Ticket, theirs: Ticket): boolean {
  return wantEachOther(mine, theirs) && mayPlay(search, mine, theirs);
}

/** The same, where names do not matter. */
export function mayPlay({ mode, now, avoid, budget }: Search, mine: Ticket, theirs: Ticket): boolean {
  budget.left -= 1;
  return mayMeet(mine, theirs) && agree(mode, mine, theirs, now) && !avoid(mine, theirs);
}

/**
 * The group that the unit at `at` is in, with units that came after it: full where that can be, else, after the mode's time, the
 * largest that can be had; or null when it has to wait. Earlier units go before later ones.
 */
export function findGroup(search: Search, units: readonly Unit[], at: number): Group | null {
  const { mode, now } = search;
  const first = units[at] as Unit;
  const best = largestGroup(search, first, units.slice(at + 1));
  const tickets = best.flatMap((unit) => unit.tickets);
  if (!allNamedAreIn(tickets)) return null;
  const isNamed = tickets.some(({ wants }) => wants.length > 0);
  const waited = Math.max(...tickets.map((ticket) => waitedOf(ticket, now)));
  const size = tickets.length;
  // Nobody else would be let in by those who named each other: more time brings nobody.
  if (size === mode.most || (size >= mode.least && (isNamed || waited >= mode.patience)))
    return { units: best, bots: 0 };
  if (size >= mode.least || mode.bots === null || waited < mode.bots) return null;
  return { units: best, bots: mode.least - size };
}

/** The largest group of those that all fit each other, at most a full one; of two as large the one with earlier units. */
function largestGroup(search: Search, first: Unit, later: readonly Unit[]): readonly Unit[] {
  const { most } = search.mode;
  const others = later.filter((unit) => unitsFit(search, first, unit));
  // How many are there from each on: where they cannot make it larger, nothing is tried.
  const left: number[] = [0];
  for (const { tickets } of others.toReversed()) left.unshift((left[0] as number) + tickets.length);
  let best: readonly Unit[] = [first];
  let bestSize = first.tickets.length;
  let tries = triesMost;
  const chosen = [first];
  const extend = (size: number, from: number): boolean => {
    if (size > bestSize) [best, bestSize] = [[...chosen], size];
    if (size === most) return true;
    for (let i = from; i < others.length && size + (left[i] as number) > bestSize; i++) {
      const unit = others[i] as Unit;
      if (size + unit.tickets.length > most) continue;
      if (tries-- === 0) return true;
      if (!chosen.every((one) => one === first || unitsFit(search, one, unit))) continue;
      chosen.push(unit);
      if (extend(size + unit.tickets.length, i + 1)) return true;
      chosen.pop();
    }
    return false;
  };
  extend(bestSize, 0);
  return best;
}

/** Whether everybody has with him whom he named. */
function allNamedAreIn(tickets: readonly Ticket[]): boolean {
  const names = new Set(tickets.flatMap(({ name }) => (name === null ? [] : [toSkeleton(name)])));
  return tickets.every(({ wants }) => wants.every((name) => names.has(name)));
}
