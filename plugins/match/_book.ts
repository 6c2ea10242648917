/** Everything that the queue knows: tickets, parties, who was put together, and matches. The rules change it; others are told by `told` and `works`. */
import { type ModeSpec, toSkeleton } from 'roost/plugin';
import {
  type Found,
  type Match,
  type Party,
  personOf,
  type Seat,
  type Ticket,
  type Why,
  type Work,
} from './_tickets.ts';

/** What the rules are given: no clock and no chance of their own. */
export type Parts = {
  readonly modeOf: (game: string, mode: string) => ModeSpec | undefined;
  /** Hexadecimal digits that nobody can guess. */
  readonly digits: (count: number) => string;
};

/** A book as plain JSON. */
export type Saved = {
  readonly order: number;
  readonly tickets: readonly Ticket[];
  readonly parties: readonly Party[];
  readonly founds: readonly Found[];
  readonly matches: readonly Match[];
  readonly avoided: readonly Avoided[];
};

/** Two who are not matched again for a while. */
type Avoided = { readonly pair: string; readonly until: number; readonly match: string | null };

/** Pairs that are remembered; the oldest go first. */
const avoidedMost = 20_000;
/** Time for which somebody can still ask what became of his ticket. */
const askedS = 60;
/** Tickets at their end that are remembered. */
const endedMost = 5_000;

export class Book {
  readonly parts: Parts;
  /** By id. */
  readonly tickets = new Map<string, Ticket>();
  /** By code. */
  readonly parties = new Map<string, Party>();
  readonly founds = new Map<string, Found>();
  readonly matches = new Map<string, Match>();
  /** By pair. */
  readonly #avoided = new Map<string, Avoided>();
  /** Ids of tickets whose player has something to hear. */
  readonly told = new Set<string>();
  readonly works: Work[] = [];
  order = 0;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  save(): Saved {
    const { order, tickets, parties, founds, matches } = this;
    return {
      order,
      tickets: [...tickets.values()],
      parties: [...parties.values()],
      founds: [...founds.values()],
      matches: [...matches.values()],
      avoided: [...this.#avoided.values()],
    };
  }

  load(saved: Saved): void {
    this.order = Math.max(this.order, saved.order);
    for (const ticket of saved.tickets) this.tickets.set(ticket.id, ticket);
    for (const party of saved.parties) this.parties.set(party.code, party);
    for (const found of saved.founds) this.founds.set(found.id, found);
    for (const match of saved.matches) this.matches.set(match.id, match);
    for (const avoided of saved.avoided) this.#avoided.set(avoided.pair, avoided);
  }

  modeOf({ game, mode }: { readonly game: string; readonly mode: string }): ModeSpec | undefined {
    return this.parts.modeOf(game, mode);
  }

  /** Tickets of these ids that there are. */
  all(ids: readonly string[]): Ticket[] {
    return ids.flatMap((id) => this.tickets.get(id) ?? []);
  }

  /** The players of a match, in the order of their seats. */
  players({ seats }: Match): Ticket[] {
    return this.all(seats.flatMap((seat) => seat?.ticket ?? []));
  }

  tell(...tickets: readonly Ticket[]): void {
    for (const { id } of tickets) this.told.add(id);
  }

  /** Somebody's ticket is at its end. What it was part of goes on without it by what the caller does next. */
  end(ticket: Ticket, state: 'cancelled' | 'over', why: Why, now: number): void {
    Object.assign(ticket, { state, why, ended: now, found: null, match: null });
    this.tell(ticket);
    this.#leaveParty(ticket, now);
  }

  #leaveParty(ticket: Ticket, now: number): void {
    const party = ticket.party === null ? undefined : this.parties.get(ticket.party);
    if (!party) return;
    const isOpener = party.members[0] === ticket.id;
    party.members = party.members.filter((id) => id !== ticket.id);
    const left = this.all(party.members);
    if (isOpener) this.parties.delete(party.code);
    for (const one of left) {
      // Those who play go on; those who were being asked are told by whoever asks them.
      if (one.match !== null || one.ended !== null) continue;
      if (isOpener) this.end(one, 'cancelled', 'match.party-ended', now);
      else if (one.found === null) this.gather(one);
    }
  }

  /** Its party is not complete any more. */
  gather(ticket: Ticket): void {
    Object.assign(ticket, { state: 'gathering', why: 'match.party-gone' });
    this.tell(ticket);
  }

  /** Back to where it was in the queue. With an incomplete party it waits for that first. */
  requeue(ticket: Ticket, why: Why, now: number): void {
    Object.assign(ticket, { found: null, match: null, matched: null, heard: now });
    const party = ticket.party === null ? undefined : this.parties.get(ticket.party);
    if (party && party.members.length < party.size) return this.gather(ticket);
    Object.assign(ticket, { state: 'waiting', why });
    this.tell(ticket);
  }

  /** The others go on without these, who dropped out; who named one of them wanted nobody else. */
  dropOut(gone: readonly Ticket[], left: readonly Ticket[], match: string | null, now: number): void {
    const names = new Set(gone.flatMap(({ name }) => (name === null ? [] : [toSkeleton(name)])));
    for (const ticket of left) {
      for (const one of gone) this.#avoid(ticket, one, match, now);
      if (ticket.ended !== null) continue;
      if (ticket.wants.some((name) => names.has(name))) this.end(ticket, 'cancelled', 'match.named-gone', now);
      else this.requeue(ticket, 'match.partner-gone', now);
    }
  }

  /** @param match  The one that he dropped out of, in case it turns out to have been over. */
  #avoid(one: Ticket, other: Ticket, match: string | null, now: number): void {
    const seconds = this.modeOf(one)?.avoid ?? 0;
    if (seconds === 0 || (one.party !== null && one.party === other.party)) return;
    for (const pair of pairsOf(one, other)) {
      this.#avoided.delete(pair);
      this.#avoided.set(pair, { pair, until: now + seconds, match });
    }
    for (const pair of this.#avoided.keys()) {
      if (this.#avoided.size <= avoidedMost) break;
      this.#avoided.delete(pair);
    }
  }

  /** Who leaves a running match drops out on those who stay. */
  avoidLeaver(leaver: Ticket, left: readonly Ticket[], match: Match, now: number): void {
    if (!match.over) for (const one of left) this.#avoid(one, leaver, match.id, now);
  }

  /** The match was over before somebody left it. */
  forgive(match: string): void {
    for (const avoided of this.#avoided.values()) if (avoided.match === match) this.#avoided.delete(avoided.pair);
  }

  avoids(one: Ticket, other: Ticket, now: number): boolean {
    if (this.#avoided.size === 0) return false;
    return pairsOf(one, other).some((pair) => (this.#avoided.get(pair)?.until ?? now) > now);
  }

  /** Forgets what nobody asks for any more. */
  sweep(now: number): void {
    let ends = 0;
    for (const { ended } of this.tickets.values()) if (ended !== null) ends += 1;
    for (const { id, ended } of this.tickets.values()) {
      if (ended === null || (now - ended <= askedS && ends <= endedMost)) continue;
      this.tickets.delete(id);
      ends -= 1;
    }
    for (const { pair, until } of this.#avoided.values()) if (until <= now) this.#avoided.delete(pair);
  }
}

/** Two people, by all that they are known by. A guest is somebody else over another connection: he is known by his name, too. */
function pairsOf(one: Ticket, other: Ticket): readonly string[] {
  return keysOf(one).flatMap((mine) => keysOf(other).map((theirs) => [mine, theirs].sort().join(' ')));
}

function keysOf(ticket: Ticket): readonly string[] {
  const { account, name } = ticket;
  return account !== null || name === null ? [personOf(ticket)] : [personOf(ticket), `name:${toSkeleton(name)}`];
}

export function seatOf(ticket: Pick<Ticket, 'id' | 'name'>, now: number): Seat {
  return { ticket: ticket.id, name: ticket.name, there: false, came: false, character: null, since: now, relay: null };
}

export function botSeat(now: number): Seat {
  return { ticket: null, name: null, there: true, came: true, character: null, since: now, relay: null };
}
