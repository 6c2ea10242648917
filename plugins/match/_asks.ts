/** What players ask of the queue: a place in it, a party, and to be let out. */
import { HostError, type ModeSpec, toSkeleton } from 'roost/plugin';
import type { Book } from './_book.ts';
import { mayAllMeet } from './_fits.ts';
import { dissolve, makeMatch, matchesMost } from './_found.ts';
import { leave, seatedIn } from './_matches.ts';
import { isLive, type Party, type Person, type Ticket, type Wish } from './_tickets.ts';

const partyMost = 16;

export type Ask = {
  readonly person: Person;
  readonly wish: Wish;
  /** How many open one, or the code of one. */
  readonly party: number | string | null;
  readonly id: string;
  readonly key: string;
};

/** The ticket of the same question before, if there is one that counts. */
export function findRepeat(book: Book, once: string | null): Ticket | undefined {
  return once === null
    ? undefined
    : [...book.tickets.values()].find((ticket) => isLive(ticket) && ticket.once === once);
}

type Known = Pick<Person, 'owner' | 'account' | 'session'>;

/** The ticket that somebody has who is known; a guest who has logged in is so by his connection. */
export function findOwn(book: Book, { owner, account, session }: Known): Ticket | undefined {
  let newest: Ticket | undefined;
  for (const ticket of book.tickets.values()) {
    const isHis =
      ticket.owner === owner ||
      (account !== null && ticket.account === account) ||
      (session !== null && ticket.account === null && ticket.session === session);
    if (isHis && (newest === undefined || !isLive(newest) || isLive(ticket))) newest = ticket;
  }
  return newest;
}

/** Somebody with this name is in the queue, or in a match. */
export function isNamed(book: Book, name: string): boolean {
  const skeleton = toSkeleton(name);
  return [...book.tickets.values()].some(
    (ticket) => isLive(ticket) && ticket.name !== null && toSkeleton(ticket.name) === skeleton,
  );
}

/**
 * A guest is somebody else over a new connection, and once he is logged in: what he is told, and where he is let in, goes by who he
 * is now. Whose account has a ticket already keeps that.
 */
export function follow(book: Book, ticket: Ticket, { owner, account, session }: Known): void {
  if (ticket.account !== null) return;
  const isTaken = account !== null && [...book.tickets.values()].some((one) => isLive(one) && one.account === account);
  if (!isTaken) Object.assign(ticket, { owner, account, session: session ?? ticket.session });
}

export type Most = { readonly waiting: number; readonly perAddress: number };

/** @throws HostError match.full, match.too-many */
export function checkRoom(book: Book, address: string | null, most: Most): void {
  let waiting = 0;
  let ofAddress = 0;
  for (const ticket of book.tickets.values()) {
    if (!isLive(ticket)) continue;
    if (ticket.state !== 'started') waiting += 1;
    if (address !== null && ticket.address === address) ofAddress += 1;
  }
  if (waiting >= most.waiting) throw new HostError('match.full', `${most.waiting} wait for a match already`);
  if (ofAddress >= most.perAddress)
    throw new HostError('match.too-many', `Your address has ${most.perAddress} tickets already`);
}

/** Puts somebody into the queue. @throws HostError match.* */
export function ask(book: Book, { person, wish, party, id, key }: Ask, now: number): Ticket {
  const joined = typeof party === 'string' ? getParty(book, party) : undefined;
  const opener = joined && (book.tickets.get(joined.members[0] ?? '') as Ticket);
  const mode = book.modeOf(opener ?? wish);
  if (!mode) throw new HostError('match.unknown-mode', `The game "${wish.game}" has no mode "${wish.mode}"`);
  checkWish(wish, mode, person, party);
  if (wish.host !== null && book.matches.size >= matchesMost)
    throw new HostError('match.full', `There are ${matchesMost} matches already`);
  const ticket: Ticket = {
    ...{ ...wish, ...person, id, key },
    // Who comes into a party wants what it wants.
    ...(opener && { game: opener.game, mode: opener.mode }),
    ...{ order: book.order + 1, asked: now, matched: null, heard: now, rest: now },
    ...{ party: null, state: 'waiting', why: null, found: null, match: null, ended: null },
  };
  if (joined && !mayAllMeet([ticket, ...book.all(joined.members)])) throw noParty();
  book.order += 1;
  book.tickets.set(id, ticket);
  book.tell(ticket);
  if (joined) enterParty(book, joined, ticket, now);
  else if (typeof party === 'number') openParty(book, ticket, party);
  else if (wish.host !== null) makeMatch(book, { members: [ticket], bots: 0, host: wish.host }, now);
  return ticket;
}

/** @throws HostError match.bad-property, match.name-needed, match.no-hosts */
function checkWish({ wants, host, numbers, texts }: Wish, mode: ModeSpec, { name }: Person, party: Ask['party']): void {
  const bad = (property: string, problem: string) =>
    new HostError('match.bad-property', `"${property}" ${problem}`, [{ key: property, problem }]);
  const known = new Set(mode.numbers.map((rule) => rule.name));
  for (const number of Object.keys(numbers)) if (!known.has(number)) throw bad(number, 'is no number of this mode');
  for (const text of Object.keys(texts)) if (!mode.texts.includes(text)) throw bad(text, 'is no text of this mode');
  for (const rule of mode.numbers)
    if (rule.usual === null && !Object.hasOwn(numbers, rule.name)) throw bad(rule.name, 'has to be brought');
  if ((wants.length > 0 || host !== null) && name === null)
    throw new HostError('match.name-needed', 'Say who you are: others find you by your name');
  if (name !== null && wants.includes(toSkeleton(name))) throw bad('with', 'names yourself');
  if (wants.length >= mode.most) throw bad('with', `names more than the ${mode.most} seats of this mode hold`);
  if (party !== null && (wants.length > 0 || host !== null)) throw bad('party', 'goes without "with" and "host"');
  if (wants.length > 0 && host !== null) throw bad('host', 'goes without "with"');
  if (typeof party === 'number' && party > mode.most) throw bad('party', `is more than ${mode.most} seats hold`);
  if (host !== null && !mode.hosts) throw new HostError('match.no-hosts', 'Nobody begins alone in this mode');
}

function openParty(book: Book, ticket: Ticket, size: number): void {
  const code = book.parts.digits(12);
  book.parties.set(code, { code, size, members: [ticket.id], placed: false });
  Object.assign(ticket, { party: code, state: 'gathering' });
}

/** @throws HostError match.no-party */
function getParty(book: Book, code: string): Party {
  const party = book.parties.get(code.toLowerCase());
  const isOpen = party && party.members.length < party.size;
  // While others of it play, nobody comes in.
  const gathers = isOpen && book.all(party.members).every(({ state }) => state === 'gathering');
  if (!gathers) throw noParty();
  return party;
}

/** The same for somebody who is blocked in it: he is not told. */
function noParty(): HostError {
  return new HostError('match.no-party', 'There is no party of this code, or it is complete');
}

/** With the last one it takes its place in the queue: it came when it was complete. */
function enterParty(book: Book, party: Party, ticket: Ticket, now: number): void {
  party.members.push(ticket.id);
  Object.assign(ticket, { party: party.code, state: 'gathering' });
  const members = book.all(party.members);
  book.tell(...members);
  if (party.members.length < party.size) return;
  for (const one of members) {
    Object.assign(one, { state: 'waiting', why: null, heard: now });
    if (!party.placed) Object.assign(one, { order: book.order, asked: now });
  }
  party.placed = true;
}

/** Out of the queue, or not in this match. @throws HostError match.started */
export function cancel(book: Book, ticket: Ticket, now: number): void {
  if (!isLive(ticket)) return;
  if (ticket.state === 'started') throw new HostError('match.started', 'Your match has started: leave it');
  const found = ticket.found === null ? undefined : book.founds.get(ticket.found);
  if (found) return void dissolve(book, found, [ticket], 'match.cancelled', now);
  // What is made for it goes on without it.
  if (seatedIn(book, ticket)) return leave(book, ticket, 'match.cancelled', now);
  book.end(ticket, 'cancelled', 'match.cancelled', now);
}

/** @throws HostError match.not-started */
export function leaveMatch(book: Book, ticket: Ticket, now: number): void {
  if (!isLive(ticket)) return;
  if (ticket.state !== 'started') throw new HostError('match.not-started', 'Your match has not started: cancel it');
  leave(book, ticket, 'match.left', now);
}

export { partyMost };
