/** Matches that run: who has come, who has gone, and what becomes of the others. */
import type { JsonObject } from 'roost/plugin';
import type { Book } from './_book.ts';
import type { Match, Seat, Ticket } from './_tickets.ts';

/** What it runs in is there. @param relays  For each seat, where it runs over a relay. */
export function startMatch(book: Book, id: string, relays: readonly JsonObject[] | null, now: number): void {
  const match = book.matches.get(id);
  if (match?.phase !== 'making') return;
  match.phase = 'running';
  for (const [at, seat] of match.seats.entries()) {
    if (seat === null) continue;
    seat.since = now;
    seat.relay = relays?.[at] ?? null;
    book.works.push({ kind: 'seat', match: id, seat: at });
  }
  for (const ticket of book.players(match)) Object.assign(ticket, { state: 'started', why: null, heard: now });
  book.tell(...book.players(match));
}

/** Somebody has come: into its zone, or has heard of its relay. */
export function come(book: Book, ticket: Ticket, character: string | null, now: number): void {
  const found = seatedIn(book, ticket);
  if (found?.match.phase !== 'running') return;
  const { match, seat, at } = found;
  ticket.heard = now;
  if (seat.there && seat.character === character) return;
  Object.assign(seat, { there: true, came: true, character });
  begin(book, match);
  change(book, match, at);
}

/** His character has left the zone. He may come back. */
export function go(book: Book, ticket: Ticket, now: number): void {
  const found = seatedIn(book, ticket);
  if (!found?.seat.there) return;
  Object.assign(found.seat, { there: false, character: null, since: now });
  change(book, found.match, found.at);
}

function change(book: Book, match: Match, seat: number): void {
  book.works.push({ kind: 'seat', match: match.id, seat });
  book.tell(...book.players(match));
}

/** From when on nobody has to be waited for. */
function begin(book: Book, match: Match): void {
  const taken = match.seats.filter((seat) => seat !== null);
  if (!match.begun && taken.every(({ there }) => there) && (match.host !== null || isEnough(book, match, taken)))
    match.begun = true;
}

function isEnough(book: Book, match: Match, taken: readonly Seat[]): boolean {
  return taken.length >= (book.modeOf(match)?.least ?? 1);
}

/** Somebody leaves, or was silent for too long. */
export function leave(
  book: Book,
  ticket: Ticket,
  why: 'match.left' | 'match.silent' | 'match.cancelled',
  now: number,
): void {
  const found = seatedIn(book, ticket);
  const state = ticket.state === 'started' ? 'over' : 'cancelled';
  if (!found) return book.end(ticket, state, why, now);
  const { match, at } = found;
  match.seats[at] = null;
  const left = book.players(match);
  const isRelay = match.zone === null;
  book.end(ticket, state, why, now);
  if (match.host === ticket.id) return turnAway(book, match, left, now);
  // What is played over a relay is not seen from here: it may have been over.
  if (!(isRelay && match.begun)) book.avoidLeaver(ticket, left, match, now);
  if (left.length === 0) return endMatch(book, match, now);
  if (isRelay && match.begun) return endMatch(book, match, now);
  const taken = match.seats.filter((seat) => seat !== null);
  const mayFill = match.host !== null || book.modeOf(match)?.backfill === true;
  if (!match.begun && !mayFill && !isEnough(book, match, taken)) {
    book.dropOut([ticket], left, match.id, now);
    return endMatch(book, match, now);
  }
  begin(book, match);
  change(book, match, at);
}

/** The host is gone: the others wait again, where they were. */
function turnAway(book: Book, match: Match, left: readonly Ticket[], now: number): void {
  for (const ticket of left) {
    if (match.over) book.end(ticket, 'over', 'match.ended', now);
    else if (ticket.wants.length > 0) book.end(ticket, 'cancelled', 'match.named-gone', now);
    else book.requeue(ticket, 'match.host-gone', now);
  }
  endMatch(book, match, now);
}

/** Whoever is still in it has nothing to come back to. */
export function endMatch(book: Book, match: Match, now: number): void {
  book.matches.delete(match.id);
  for (const ticket of book.players(match)) if (ticket.match === match.id) book.end(ticket, 'over', 'match.ended', now);
  book.works.push({ kind: 'end', match });
}

/** The zone says that it is over: nobody drops out on anybody by leaving now, or has just before. */
export function finish(book: Book, id: string): void {
  const match = book.matches.get(id);
  if (match) match.over = true;
  book.forgive(id);
}

/** Of a mode that the game has no more. */
const usual = { join: 30, away: 60 };

/** Ends the time of those who do not come, or have gone and do not come back. */
export function endSeats(book: Book, now: number): void {
  for (const match of [...book.matches.values()]) {
    if (match.phase === 'making') continue;
    const { join, away } = book.modeOf(match) ?? usual;
    const silent = book.players(match).filter((ticket) => {
      const { came = true, there = true, since = now } = seatedIn(book, ticket)?.seat ?? {};
      return !there && now - since > (came ? away : join);
    });
    for (const ticket of silent) {
      // With the one before him the match may have ended: he is put back into the queue, and is not there for it either.
      if (seatedIn(book, ticket)) leave(book, ticket, 'match.silent', now);
      else if (ticket.ended === null) book.end(ticket, 'over', 'match.silent', now);
    }
  }
}

/** Where somebody sits. */
export function seatedIn(
  book: Book,
  ticket: Ticket,
): { readonly match: Match; readonly seat: Seat; readonly at: number } | undefined {
  const match = ticket.match === null ? undefined : book.matches.get(ticket.match);
  const at = match?.seats.findIndex((seat) => seat?.ticket === ticket.id) ?? -1;
  const seat = match?.seats[at];
  return match && seat ? { match, seat, at } : undefined;
}
