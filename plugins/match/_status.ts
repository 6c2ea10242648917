/** What somebody is told of his ticket: the answer of `match.status`, and the event `match`. */
import type { Json, JsonObject } from 'roost/plugin';
import type { Book } from './_book.ts';
import { waitedOf } from './_fits.ts';
import { seatedIn } from './_matches.ts';
import type { Ticket } from './_tickets.ts';

export function statusOf(book: Book, ticket: Ticket, now: number): JsonObject {
  const { key, state, why, game, mode, name } = ticket;
  return {
    ...{ ticket: key, state, why, game, mode, name, waited: tenths(waitedOf(ticket, now)) },
    party: partyOf(book, ticket),
    accept: acceptOf(book, ticket, now),
    match: state === 'started' ? matchOf(book, ticket) : null,
  };
}

function partyOf(book: Book, ticket: Ticket): Json {
  const party = ticket.party === null ? undefined : book.parties.get(ticket.party);
  if (!party || ticket.ended !== null) return null;
  const { code, size, members } = party;
  return { code, size, names: book.all(members).map(({ name }) => name) };
}

function acceptOf(book: Book, ticket: Ticket, now: number): Json {
  const found = ticket.found === null ? undefined : book.founds.get(ticket.found);
  if (!found) return null;
  const { until, yes, members } = found;
  return {
    left: tenths(Math.max(0, until - now)),
    ...{ you: yes.includes(ticket.id), yes: yes.length, of: members.length },
  };
}

function matchOf(book: Book, ticket: Ticket): Json {
  const found = seatedIn(book, ticket);
  if (!found) return null;
  const { match, seat, at } = found;
  const { id, zone, seats } = match;
  const runs = zone === null ? 'relay' : zone.includes('@') ? 'instance' : 'zone';
  const shown = seats.map((one) => one && { name: one.name, bot: one.ticket === null, there: one.there });
  return { id, runs, zone, relay: seat.relay, seat: at, seats: shown };
}

function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
