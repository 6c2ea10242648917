/** From the queue into a match: people are put together, asked, and seated; or go back. */
import type { ModeSpec } from 'roost/plugin';
import { type Book, botSeat, seatOf } from './_book.ts';
import { mayAllMeet, namesHim } from './_fits.ts';
import { findGroup, mayPlay, type Search, type Unit } from './_groups.ts';
import type { Found, Match, Ticket, Why } from './_tickets.ts';

/** Comparisons of one queue in one turn: a few milliseconds. */
const budgetMost = 100_000;
/** Matches on a node. */
export const matchesMost = 2_000;
/** After a match that could not be made. */
const restS = 5;

/** Those that wait for one mode, as units, in order of arrival. */
function unitsOf(book: Book, tickets: readonly Ticket[], now: number): Unit[] {
  const units: Unit[] = [];
  for (const [party, members] of Map.groupBy(tickets, ({ party, id }) => party ?? id)) {
    const size = book.parties.get(party)?.size ?? 1;
    if (members.length < size || members.some(({ rest }) => rest > now) || !mayAllMeet(members)) continue;
    units.push({ tickets: members, order: Math.min(...members.map(({ order }) => order)) });
  }
  return units.sort((a, b) => a.order - b.order);
}

/** Puts together whoever fits. @param from  Order to begin at, by queue: where the last turn had to stop. */
export function match(book: Book, from: Map<string, number>, now: number): void {
  const waiting = [...book.tickets.values()].filter(({ state }) => state === 'waiting');
  for (const [queue, tickets] of Map.groupBy(waiting, ({ game, mode }) => `${game}/${mode}`)) {
    const mode = book.modeOf(tickets[0] as Ticket);
    if (!mode) continue;
    const avoid = (one: Ticket, other: Ticket) => book.avoids(one, other, now);
    const search: Search = { mode, now, avoid, budget: { left: budgetMost } };
    const units = unitsOf(book, tickets, now);
    fillSeats(book, search, units);
    if (findGroups(book, search, units, from.get(queue) ?? 0, from, queue)) from.delete(queue);
  }
}

/** False when there was no time for all. */
function findGroups(
  book: Book,
  search: Search,
  units: Unit[],
  begin: number,
  from: Map<string, number>,
  queue: string,
): boolean {
  let at = Math.max(
    0,
    units.findIndex(({ order }) => order >= begin),
  );
  while (at < units.length) {
    if (book.matches.size + book.founds.size >= matchesMost) return true;
    const group = findGroup(search, units, at);
    if (group === null) at += 1;
    else {
      for (const unit of group.units) units.splice(units.indexOf(unit), 1);
      const members = group.units.flatMap(({ tickets }) => tickets);
      openFound(book, { members, bots: group.bots, into: null }, search.now);
    }
    if (search.budget.left <= 0 && at < units.length) {
      from.set(queue, (units[at] as Unit).order);
      return false;
    }
  }
  return true;
}

/** Seats of running matches that are open, or held by bots, go first: oldest match, then oldest unit. */
function fillSeats(book: Book, search: Search, units: Unit[]): void {
  const { mode } = search;
  if (!mode.backfill && !mode.hosts) return;
  for (const running of book.matches.values()) {
    if (running.game !== units[0]?.tickets[0]?.game || running.mode !== mode.name || !isOpen(book, running)) continue;
    for (const unit of [...units]) {
      if (search.budget.left <= 0) return;
      if (unit.tickets.length > openSeats(book, running) || !mayJoin(book, search, running, unit)) continue;
      units.splice(units.indexOf(unit), 1);
      openFound(book, { members: unit.tickets, bots: 0, into: running }, search.now);
    }
  }
}

/** Others may come in. */
export function isOpen(book: Book, running: Match): boolean {
  const { phase, over, host } = running;
  return phase === 'running' && !over && (host !== null || book.modeOf(running)?.backfill === true);
}

/** Those that nobody has, and nobody was promised. */
export function openSeats(book: Book, running: Match): number {
  const open = running.seats.filter((seat) => seat === null || seat.ticket === null).length;
  let promised = 0;
  for (const { into, members } of book.founds.values()) if (into === running.id) promised += members.length;
  return open - promised;
}

/** Who named somebody comes in where all of those are, and one of them is the host; a private host lets in nobody else. */
function mayJoin(book: Book, search: Search, running: Match, { tickets }: Unit): boolean {
  const there = book.players(running);
  const host = there.find(({ id }) => id === running.host);
  const isCalled = tickets.every((ticket) => {
    if (ticket.wants.length === 0) return !running.isPrivate;
    return host !== undefined && namesHim(ticket, host) && ticket.wants.length <= countNamed(ticket, there);
  });
  return isCalled && tickets.every((mine) => there.every((theirs) => mayPlay(search, mine, theirs)));
}

function countNamed(ticket: Ticket, others: readonly Ticket[]): number {
  return others.filter((other) => namesHim(ticket, other)).length;
}

type Putting = { readonly members: readonly Ticket[]; readonly bots: number; readonly into: Match | null };

/** Asks everybody whether they come; where the mode wants no answer, it goes on at once. */
function openFound(book: Book, { members, bots, into }: Putting, now: number): void {
  const { game, mode } = members[0] as Ticket;
  const seconds = book.modeOf({ game, mode })?.accept ?? 0;
  const found: Found = {
    ...{ id: `f${book.parts.digits(20)}`, game, mode, bots, into: into?.id ?? null },
    ...{ members: members.map(({ id }) => id), yes: [], until: now + seconds },
  };
  for (const ticket of members) Object.assign(ticket, { state: 'found', why: null, matched: now, found: found.id });
  book.tell(...members);
  book.founds.set(found.id, found);
  if (seconds === 0) seat(book, found, now);
}

/** Says that somebody comes. Once more, and where nobody is asked, it does nothing. */
export function accept(book: Book, ticket: Ticket, now: number): void {
  const found = ticket.found === null ? undefined : book.founds.get(ticket.found);
  if (!found || found.yes.includes(ticket.id)) return;
  found.yes.push(ticket.id);
  book.tell(...book.all(found.members));
  if (found.yes.length === found.members.length) seat(book, found, now);
}

/** These do not come: they are out, and the others go back to where they were. */
export function dissolve(book: Book, found: Found, gone: readonly Ticket[], why: Why, now: number): void {
  book.founds.delete(found.id);
  const left = book.all(found.members).filter((ticket) => !gone.includes(ticket));
  for (const ticket of gone) book.end(ticket, 'cancelled', why, now);
  book.dropOut(gone, left, null, now);
}

/** The time is up for those who have not accepted. */
export function endFounds(book: Book, now: number): void {
  for (const found of [...book.founds.values()]) {
    if (found.until > now || book.founds.get(found.id) !== found) continue;
    const late = book.all(found.members).filter(({ id }) => !found.yes.includes(id));
    dissolve(book, found, late, 'match.missed', now);
  }
}

/** Everybody comes. */
function seat(book: Book, found: Found, now: number): void {
  book.founds.delete(found.id);
  const members = book.all(found.members);
  if (found.into === null) return makeMatch(book, { members, bots: found.bots, host: null }, now);
  const running = book.matches.get(found.into);
  if (!running || !isOpen(book, running) || openSeats(book, running) < members.length) {
    for (const ticket of members) book.requeue(ticket, 'match.partner-gone', now);
    return;
  }
  for (const ticket of members) {
    const free = running.seats.indexOf(null);
    const at = free >= 0 ? free : running.seats.findIndex((one) => one?.ticket === null);
    running.seats[at] = seatOf(ticket, now);
    Object.assign(ticket, { state: 'started', found: null, match: running.id });
    book.works.push({ kind: 'seat', match: running.id, seat: at });
  }
  book.tell(...book.players(running));
}

type Making = { readonly members: readonly Ticket[]; readonly bots: number; readonly host: 'open' | 'private' | null };

/** Seats them in order of arrival, bots behind them; somebody has to make what it runs in. */
export function makeMatch(book: Book, { members, bots, host }: Making, now: number): void {
  const first = members[0] as Ticket;
  const { game } = first;
  const mode = book.modeOf(first);
  if (!mode) return;
  const id = `m${book.parts.digits(20)}`;
  const seats = [
    ...members.toSorted((a, b) => a.order - b.order).map((ticket) => seatOf(ticket, now)),
    ...Array.from({ length: bots }, () => botSeat(now)),
  ];
  const open = host !== null || mode.backfill ? mode.most - seats.length : 0;
  const made: Match = {
    ...{ id, game, mode: mode.name, made: now, phase: 'making', begun: false, over: false },
    zone: zoneOf(game, mode, id),
    ...{ host: host === null ? null : first.id, isPrivate: host === 'private' },
    seats: [...seats, ...Array.from({ length: open }, () => null)],
  };
  book.matches.set(id, made);
  for (const ticket of members)
    Object.assign(ticket, { state: 'found', why: null, matched: now, found: null, match: id });
  book.tell(...members);
  book.works.push({ kind: 'make', match: id });
}

function zoneOf(game: string, { runs, zone }: ModeSpec, match: string): string | null {
  if (zone === null) return null;
  return runs === 'instance' ? `${game}/${zone}@${match}` : `${game}/${zone}`;
}

/** It could not be made: everybody goes back, and is not put together at once again. */
export function failMatch(book: Book, id: string, now: number): void {
  const failed = book.matches.get(id);
  if (!failed) return;
  book.matches.delete(id);
  for (const ticket of book.players(failed)) {
    if (ticket.host !== null) book.end(ticket, 'cancelled', 'match.failed', now);
    else {
      ticket.rest = now + restS;
      book.requeue(ticket, 'match.failed', now);
    }
  }
  book.works.push({ kind: 'end', match: failed });
}
