/** What the queue is made of. All of it is plain JSON, so that the next build goes on with it. Times are monotonic seconds. */
import type { JsonObject } from 'roost/plugin';

export type TicketState = 'gathering' | 'waiting' | 'found' | 'started' | 'cancelled' | 'over';

/** What happened to a ticket last; docs/matches.md says what each means. */
export type Why =
  | 'match.partner-gone'
  | 'match.host-gone'
  | 'match.failed'
  | 'match.party-gone'
  | 'match.cancelled'
  | 'match.left'
  | 'match.missed'
  | 'match.silent'
  | 'match.named-gone'
  | 'match.ended'
  | 'match.party-ended'
  | 'match.unknown-mode';

/** Who asks. */
export type Person = {
  /** `guest:…` or `character:…` */
  readonly owner: string;
  readonly account: string | null;
  /** What the others read; null for somebody who has none. */
  readonly name: string | null;
  readonly address: string;
  /** The connection that he asks over, null without one: who logs in or out there is still the same. */
  readonly session: string | null;
};

/** What somebody wants. */
export type Wish = {
  readonly game: string;
  readonly mode: string;
  /** Names, as `toSkeleton` makes them, of those and nobody else. */
  readonly wants: readonly string[];
  readonly host: 'open' | 'private' | null;
  readonly numbers: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, string>>;
  /** People who blocked this one, or whom this one blocked. */
  readonly walls: readonly string[];
  /** Makes a repeat find the ticket of the first time. */
  readonly once: string | null;
};

/** Somebody's place, from `match.find` until a minute after its end. */
export type Ticket = Omit<Wish, 'walls'> & {
  /** SHA-256 of the key, hexadecimal. */
  readonly id: string;
  /** 128 bits of chance: who has it acts for the player. Null after a restart, until it is brought. */
  key: string | null;
  owner: string;
  account: string | null;
  name: string | null;
  readonly address: string;
  session: string | null;
  walls: readonly string[];
  /** Of its arrival: who came first goes first, also when he comes back into the queue. */
  order: number;
  asked: number;
  /** When it was put together with others last. */
  matched: number | null;
  /** When somebody was heard of it last. */
  heard: number;
  /** Not matched before. */
  rest: number;
  /** Code of its party. */
  party: string | null;
  state: TicketState;
  why: Why | null;
  found: string | null;
  match: string | null;
  ended: number | null;
};

/** People who said that they come together. */
export type Party = {
  readonly code: string;
  readonly size: number;
  /** Ids of tickets, whoever opened it first. */
  members: string[];
  /** It was complete once, and has its place in the queue. */
  placed: boolean;
};

/** People who fit together, while each is asked whether they come. */
export type Found = {
  readonly id: string;
  readonly game: string;
  readonly mode: string;
  /** Ids of tickets. */
  readonly members: readonly string[];
  readonly yes: string[];
  readonly until: number;
  readonly bots: number;
  /** A match that runs already. */
  readonly into: string | null;
};

export type Seat = {
  /** Null for a bot. */
  readonly ticket: string | null;
  readonly name: string | null;
  there: boolean;
  /** Was there once. */
  came: boolean;
  /** Object id of the player's character, while it is there. */
  character: string | null;
  /** Since when its player is waited for: the start of the match, or when he went. */
  since: number;
  /** What the relay is used with. */
  relay: JsonObject | null;
};

export type Match = {
  /** `m` and 20 hexadecimal digits; behind the @ of the zone that is made for it. */
  readonly id: string;
  readonly game: string;
  readonly mode: string;
  readonly zone: string | null;
  /** Ticket of who began it alone. */
  readonly host: string | null;
  /** Only who names the host comes in. */
  readonly isPrivate: boolean;
  readonly made: number;
  phase: 'making' | 'running';
  /** Everybody was there once. */
  begun: boolean;
  /** Its zone said so: who leaves drops out on nobody. */
  over: boolean;
  /** Null: open. */
  seats: (Seat | null)[];
};

/** What somebody has to do outside of the rules. */
export type Work =
  | { readonly kind: 'make'; readonly match: string }
  /** Something about the seat is different. */
  | { readonly kind: 'seat'; readonly match: string; readonly seat: number }
  | { readonly kind: 'end'; readonly match: Match };

/** What is the same of all that somebody plays: his account, or the guest that he is. */
export function personOf({ owner, account }: Pick<Person, 'owner' | 'account'>): string {
  return account === null ? owner : `account:${account}`;
}

/** A ticket that counts: it waits, or plays. */
export function isLive({ ended }: Ticket): boolean {
  return ended === null;
}
