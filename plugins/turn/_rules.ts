/** What the relay goes by: its numbers, who is in it, and every outcome that there is. Times are monotonic seconds. */

export type Limits = {
  /** Players between their registration and the start of their match. */
  readonly waiting: number;
  /** Matches that go on. */
  readonly matches: number;
  /** Of one address. */
  readonly waitingPerAddress: number;
  readonly matchesPerAddress: number;
  /** Time without a word after which somebody who waits, or is on his way into a match, is dropped. */
  readonly silentS: number;
  /** Time without a completed exchange after which a match is dropped. */
  readonly exchangeS: number;
};

/** Time without a word that is granted at registration to whoever looks at every step. */
export const patientS = 180;
/** UTF-8 bytes of an answer that is asked for again and again, and of text that waits for somebody. */
export const cacheBytes = 131_072;
/** The same, in texts. */
export const cacheTexts = 2_000;
/** Names that one player is not paired with again. */
const avoidedMost = 64;

/** Who hears at once what happens to a player: a connection, or all of an owner. */
export type Watcher = { readonly session: string } | { readonly user: string };

/** Where somebody is who asks: limits are counted by it. */
export type From = {
  readonly address: string;
  /** No limit of one address holds: who develops on this machine. */
  readonly free: boolean;
  readonly watcher: Watcher | null;
};

export type Role = 'server' | 'client';

/** Somebody who has registered, until his match is gone. Plain JSON: the next build goes on with it. */
export type Player = {
  /** 128 bits of chance: whoever has it is this player. */
  readonly key: string;
  readonly name: string;
  /** Said at registration, so that a repeat of it is known; null when it was not. */
  readonly once: string | null;
  /** The only name that he wants to be paired with; null when anybody will do. */
  readonly wants: string | null;
  /** Counted in the limits of this address; null where none hold. */
  readonly address: string | null;
  readonly silentS: number;
  heardS: number;
  watcher: Watcher | null;
  /** `left`: his partner is gone, and he was not told yet. */
  state: 'waiting' | 'paired' | 'loading' | 'ready' | 'left' | 'playing';
  role: Role | null;
  /** Key of the partner. */
  partner: string | null;
  partnerName: string;
  /** Names of partners so far: who dropped out is not met again. */
  readonly avoided: string[];
  seatKey: string | null;
};

/** One text on its way to a seat. */
export type Text = {
  /** Counts the texts to this seat from 1 on. */
  readonly n: number;
  /** Seat of who wrote it. */
  readonly from: number;
  readonly text: string;
};

/** One side of a match. */
export type Seat = {
  readonly key: string;
  readonly name: string;
  readonly address: string | null;
  watcher: Watcher | null;
  /** The last one that was answered; -1 before the first. */
  counter: number;
  /** What that answer brought, and its repeats so far: not acknowledged yet. The first `fresh` came with the answer itself. */
  held: Text[];
  fresh: number;
  /** Arrived since. */
  coming: Text[];
  /** Bytes of `held` and `coming`, each with a separator. */
  heldBytes: number;
  comingBytes: number;
  /** Texts so far. */
  count: number;
  gone: boolean;
  /** When it last asked for anything. */
  heardS: number;
  /** When it last said that it is still there. */
  keptS: number;
};

export type Match = {
  /** For everybody to read; a match is acted in with the key of a seat. */
  readonly id: string;
  readonly seats: Seat[];
  readonly silentS: number;
  /** The last completed exchange, or the start. */
  exchangedS: number;
  /** All but one have quit: kept for the one that was not told yet. */
  over: boolean;
};

/** Why something was not done. */
export type Refusal =
  | 'not-registered'
  | 'bad-name'
  | 'bad-partner'
  | 'full'
  | 'address-full'
  | 'matches-full'
  | 'address-matches-full'
  | 'partner-gone'
  | 'named-gone'
  | 'no-match'
  | 'bad-seat'
  | 'not-your-seat'
  | 'alone'
  | 'behind'
  | 'ahead'
  | 'cache-full'
  | 'partner-full'
  | 'too-fast';

export type Answered = {
  readonly kind: 'answer';
  readonly match: string;
  readonly seats: number;
  readonly counter: number;
  /** The counter was answered before: `fresh` and `later` came already. */
  readonly repeated: boolean;
  /** With the first answer to this counter. */
  readonly fresh: readonly Text[];
  /** With its repeats before. */
  readonly later: readonly Text[];
  /** With this repeat. */
  readonly news: readonly Text[];
};

export type Refused = {
  readonly kind: 'refused';
  readonly why: Refusal;
  /** The last counter that was answered, where counters are what is wrong. */
  readonly counter?: number;
  /** With `cache-full` and `partner-full`: the last answer, without anything new. */
  readonly last?: Answered;
  /** With `too-fast`: seconds in which nothing is answered. */
  readonly waitS?: number;
};

export type Outcome =
  | { readonly kind: 'registered'; readonly key: string; readonly silentS: number }
  | { readonly kind: 'unregistered' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'paired'; readonly partner: string; readonly role: Role }
  | { readonly kind: 'loading'; readonly role: Role }
  | { readonly kind: 'partner-loading' }
  | Started
  | Answered
  | { readonly kind: 'kept' }
  | { readonly kind: 'quit' }
  | Refused;

export type Started = {
  readonly kind: 'started';
  readonly match: string;
  readonly key: string;
  readonly seat: number;
  readonly names: readonly string[];
};

/** What a watcher is told: the event `turn`. */
export type Note =
  | { readonly what: 'paired'; readonly partner: string; readonly role: Role }
  | { readonly what: 'partner'; readonly state: 'loading' | 'ready' }
  /** `waiting`: you wait again; else you are out. */
  | { readonly what: 'partner-gone'; readonly waiting: boolean }
  | {
      readonly what: 'started';
      readonly match: string;
      readonly key: string;
      readonly seat: number;
      readonly names: readonly string[];
    }
  | { readonly what: 'text'; readonly match: string; readonly n: number; readonly from: number; readonly text: string }
  | { readonly what: 'quit'; readonly match: string; readonly seat: number }
  /** Nothing was exchanged for too long, or whoever opened it has closed it. */
  | { readonly what: 'over'; readonly match: string }
  /** You were silent for too long. */
  | { readonly what: 'dropped' };

/** What the rules are given: no clock, no chance and no connection of their own. */
export type Parts = {
  readonly limits: () => Limits;
  /** A new one each time, that nobody can guess. */
  readonly newKey: () => string;
  readonly tell: (watcher: Watcher, note: Note) => void;
};

export function refused(why: Refusal, more: Omit<Refused, 'kind' | 'why'> = {}): Refused {
  return { kind: 'refused', why, ...more };
}

/** Both are not paired again by chance, should one of them drop out. */
export function avoidEachOther(one: Player, other: Player): void {
  for (const [player, { name }] of [
    [one, other],
    [other, one],
  ] as const) {
    if (!player.avoided.includes(name)) player.avoided.push(name);
    if (player.avoided.length > avoidedMost) player.avoided.shift();
  }
}
