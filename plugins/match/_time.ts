/** What time does to the queue. */
import type { Book } from './_book.ts';
import { dissolve, endFounds, match } from './_found.ts';
import { endSeats } from './_matches.ts';
import type { Ticket } from './_tickets.ts';

/**
 * One turn: who is silent is out, whose time is up is out, and whoever fits is put together.
 * @param isHere  Whether there is a connection that would hear of it.
 * @param from    Where the last turn had to stop, by queue.
 */
export function turn(book: Book, isHere: (ticket: Ticket) => boolean, from: Map<string, number>, now: number): void {
  for (const ticket of book.tickets.values()) {
    if (ticket.ended !== null || ticket.state === 'started') continue;
    if (isHere(ticket)) ticket.heard = now;
    const mode = book.modeOf(ticket);
    if (mode === undefined) drop(book, ticket, 'match.unknown-mode', now);
    else if (ticket.state !== 'found' && now - ticket.heard > mode.silent) drop(book, ticket, 'match.silent', now);
  }
  endFounds(book, now);
  endSeats(book, now);
  match(book, from, now);
  book.sweep(now);
}

function drop(book: Book, ticket: Ticket, why: 'match.unknown-mode' | 'match.silent', now: number): void {
  const found = ticket.found === null ? undefined : book.founds.get(ticket.found);
  if (found) dissolve(book, found, book.all(found.members), why, now);
  else if (ticket.match === null) book.end(ticket, 'cancelled', why, now);
}
