/** One match between two seats: what may be done, and what becomes of it. Plain data in, plain data changed. */
import { knotOf, longest, scoreOf, shortest, without } from '../../client/rules.ts';
import { fill, fullBag } from './bag.ts';
import { firstWords } from './first.ts';
import { isWord } from './words.ts';

export type Seat = {
  name: string;
  score: number;
  /** Its player is not connected. */
  away: boolean;
  /** Nobody sits there but Wren. */
  bot: boolean;
  /** Has given the seat up, and does not come back. */
  left: boolean;
  /** Wants another match. */
  again: boolean;
};

/** A word of the thread. `seat` is -1 when the table laid it. */
export type Link = { word: string; knot: number; seat: number; score: number };

/** What happened last that is no word: letters changed, nothing done, time run out, the thread begun anew. */
export type Note = { what: 'swap' | 'pass' | 'miss'; seat: number; count: number };

export type Result = { winner: number | null; why: 'turns' | 'letters' | 'resigned' | 'clock' | 'left' };

/** Everybody sees it. */
export type Open = {
  phase: 'waiting' | 'playing' | 'over';
  /** Counts the matches of this table. */
  match: number;
  seats: (Seat | null)[];
  /** Turns that are over. */
  turn: number;
  /** Turns of the whole match. */
  turns: number;
  /** Whose turn it is. */
  next: number;
  /** Unix seconds at which it ends. */
  ends: number;
  /** Seconds of a turn. */
  clock: number;
  thread: Link[];
  /** Letters in the bag. */
  left: number;
  note: Note | null;
  result: Result | null;
};

/** Never leaves the server but for each seat's own letters, told to who sits there. */
export type Hidden = {
  racks: string[];
  bag: string;
  /** Turns that each seat let run out, one after the other. */
  misses: number[];
  /** Turns in a row without a word. */
  idle: number;
  /** Who began last. */
  first: number;
};

export type Match = {
  readonly open: Open;
  readonly hidden: Hidden;
  /** 0 ≤ n < 1 */
  readonly random: () => number;
  /** Unix seconds. */
  readonly time: number;
};

/** Why something is not done: a code for programs, words for people. */
export type Refused = { readonly no: string; readonly text: string };

/** Turns that somebody may let run out one after the other; with one more the match is lost. */
const missesMost = 1;
/** Turns in a row without a word after which the thread begins anew. */
const idleMost = 2;

export function begin(match: Match, rules: { readonly turns: number; readonly clock: number }): void {
  const { open, hidden, random } = match;
  hidden.bag = fullBag;
  hidden.racks = ['', ''];
  hidden.misses = [0, 0];
  hidden.first = open.match === 0 ? Math.floor(random() * 2) : 1 - hidden.first;
  for (const seat of [0, 1]) draw(match, seat);
  Object.assign(open, { phase: 'playing', match: open.match + 1, turn: 0, turns: rules.turns * 2, clock: rules.clock });
  Object.assign(open, { next: hidden.first, thread: [], note: null, result: null });
  open.seats = open.seats.map((seat) => seat && { ...seat, score: 0, again: false });
  cut(match);
  wind(match);
}

/** Ties a word to the thread. Gives what it is worth, or why it cannot be. */
export function play(match: Match, seat: number, typed: string): Link | Refused {
  const { open, hidden } = match;
  const word = typed.trim().toLowerCase();
  const last = open.thread.at(-1)?.word ?? '';
  if (!/^[a-z]+$/.test(word)) return refuse('word-letters', 'A word has the letters A to Z and nothing else.');
  if (word.length < shortest || word.length > longest)
    return refuse('word-length', `A word has ${shortest} to ${longest} letters.`);
  const knot = knotOf(last, word);
  if (knot === 0) return refuse('no-knot', `It has to begin with the end of ${last.toUpperCase()}.`);
  const rack = without(hidden.racks[seat] ?? '', word.slice(knot));
  if (rack === null) return refuse('letters-missing', 'You have not all of these letters.');
  if (open.thread.some((link) => link.word === word)) return refuse('word-used', 'That word is in the thread already.');
  if (!isWord(word)) return refuse('word-unknown', `${word.toUpperCase()} is not in the word list.`);
  const link = { word, knot, seat, score: scoreOf(word, knot) };
  hidden.racks[seat] = rack;
  open.thread.push(link);
  const place = open.seats[seat];
  if (place) place.score += link.score;
  hidden.idle = 0;
  open.note = null;
  draw(match, seat);
  pass(match, seat);
  return link;
}

/** Puts letters back and draws others; with none it only passes. */
export function swap(match: Match, seat: number, typed: string): Refused | null {
  const { open, hidden } = match;
  const letters = typed.trim().toLowerCase();
  const rack = without(hidden.racks[seat] ?? '', letters);
  if (rack === null) return refuse('letters-missing', 'You have not all of these letters.');
  if (letters.length > hidden.bag.length)
    return refuse('bag-empty', `Only ${hidden.bag.length} letters are left in the bag.`);
  const drawn = fill(rack, hidden.bag, match.random);
  hidden.racks[seat] = drawn.rack;
  hidden.bag = drawn.bag + letters;
  open.left = hidden.bag.length;
  idle(match, { what: letters === '' ? 'pass' : 'swap', seat, count: letters.length });
  return null;
}

/** The time of a turn is over. Twice in a row, and the match is lost. */
export function miss(match: Match): void {
  const { open, hidden } = match;
  const seat = open.next;
  const misses = (hidden.misses[seat] ?? 0) + 1;
  if (misses > missesMost) return end(match, { winner: 1 - seat, why: 'clock' });
  idle(match, { what: 'miss', seat, count: 0 });
  hidden.misses[seat] = misses;
}

export function end({ open }: Match, result: Result): void {
  open.phase = 'over';
  open.result = result;
}

/** A turn has its whole time before it. */
export function wind({ open, time }: Match): void {
  open.ends = time + open.clock;
}

function idle(match: Match, note: Note): void {
  match.open.note = note;
  match.hidden.idle += 1;
  if (match.hidden.idle >= idleMost) cut(match);
  pass(match, note.seat);
}

/** The thread goes on with a word that nobody has laid. */
function cut({ open, hidden, random }: Match): void {
  const free = firstWords.filter((word) => open.thread.every((link) => link.word !== word));
  const word = free[Math.floor(random() * free.length)] ?? '';
  open.thread.push({ word, knot: 0, seat: -1, score: 0 });
  hidden.idle = 0;
}

function draw({ open, hidden, random }: Match, seat: number): void {
  const drawn = fill(hidden.racks[seat] ?? '', hidden.bag, random);
  hidden.racks[seat] = drawn.rack;
  hidden.bag = drawn.bag;
  open.left = drawn.bag.length;
}

/** The turn is over. */
function pass(match: Match, seat: number): void {
  const { open, hidden } = match;
  open.turn += 1;
  open.next = 1 - seat;
  hidden.misses[seat] = 0;
  if (open.turn >= open.turns) return end(match, { winner: leader(open), why: 'turns' });
  if (hidden.racks[open.next] === '') return end(match, { winner: leader(open), why: 'letters' });
  wind(match);
}

function leader({ seats }: Open): number | null {
  const [one, two] = seats.map((seat) => seat?.score ?? 0) as [number, number];
  return one === two ? null : one > two ? 0 : 1;
}

function refuse(no: string, text: string): Refused {
  return { no, text };
}
