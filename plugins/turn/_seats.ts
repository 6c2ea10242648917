/**
 * Text between the seats of one match: once, in order, unchanged.
 *
 * A request carries a counter. The one after the last acknowledges the answer to the last, brings a text of its own, and is
 * answered with what has arrived. The last one again is a repeat: its text was taken already, and the answer is the former
 * one with what has arrived since. So whatever gets lost, requests or answers, asking again loses and doubles nothing.
 *
 * One thing a counter cannot tell: which of several answers to it was read. A repeat that was given up, and arrives all the
 * same, may take news with it that nobody reads. Who says what was read, by the numbers of texts, is safe from that too.
 */
import {
  type Answered,
  cacheBytes,
  cacheTexts,
  type Match,
  type Outcome,
  type Parts,
  refused,
  type Seat,
  type Text,
  type Watcher,
} from './_rules.ts';

/** Somebody who takes a seat. */
export type Sitter = {
  readonly name: string;
  readonly address: string | null;
  readonly watcher: Watcher | null;
};

export type Passed = {
  readonly counter: number;
  /** Undefined: nothing is passed on, it only asks. */
  readonly text: string | undefined;
  /** Number of the last text that was read; undefined: all that the last answer brought. */
  readonly read: number | undefined;
  readonly nowS: number;
};

/** A match that begins now. */
export function openMatch(
  { newKey }: Pick<Parts, 'newKey'>,
  sitters: readonly Sitter[],
  nowS: number,
  silentS: number,
) {
  const seats = sitters.map((sitter) => emptySeat(sitter, newKey(), nowS));
  return { id: newKey(), seats, silentS, exchangedS: nowS, over: false } satisfies Match;
}

function emptySeat({ name, address, watcher }: Sitter, key: string, nowS: number): Seat {
  const nothing = { held: [], fresh: 0, coming: [], heldBytes: 0, comingBytes: 0, count: 0 };
  return { key, name, address, watcher, counter: -1, ...nothing, gone: false, heardS: nowS, keptS: nowS };
}

/** One request of a seat: takes its text, gives what has arrived for it. */
export function pass(
  parts: Pick<Parts, 'tell'>,
  match: Match,
  at: number,
  { counter, text, read, nowS }: Passed,
): Outcome {
  const seat = match.seats[at] as Seat;
  if (counter === seat.counter) return repeat(match, seat, nowS);
  if (counter > seat.counter + 1) return refused('ahead', { counter: seat.counter });
  if (counter < seat.counter) return refused('behind', { counter: seat.counter });
  const others = match.seats.filter((other) => other !== seat && !other.gone);
  const unread = read === undefined ? [] : seat.held.filter(({ n }) => n > read);
  // What the last one wrote before he left is still read.
  if (others.length === 0 && seat.coming.length + unread.length === 0) return refused('alone');
  if (text !== undefined) {
    if (others.some((other) => !hasRoom(other, text))) return refused('partner-full', { last: lastOf(match, seat) });
    for (const other of others) bring(parts, match, other, at, text);
  }
  seat.counter = counter;
  hold(seat, unread);
  if (seat.held.length > 0) match.exchangedS = nowS;
  return { ...lastOf(match, seat), repeated: false };
}

function repeat(match: Match, seat: Seat, nowS: number): Outcome {
  const last = lastOf(match, seat);
  const news = seat.coming;
  // Nothing to give again, and nobody who could write.
  if (seat.held.length + news.length === 0 && !hasOthers(match, seat)) return refused('alone');
  if (!fits(seat.heldBytes + seat.comingBytes, seat.held.length + news.length)) return refused('cache-full', { last });
  seat.held.push(...news);
  seat.heldBytes += seat.comingBytes;
  Object.assign(seat, { coming: [], comingBytes: 0 });
  if (news.length > 0) match.exchangedS = nowS;
  return { ...last, news };
}

function hasOthers({ seats }: Match, seat: Seat): boolean {
  return seats.some((other) => other !== seat && !other.gone);
}

/** What is not read yet, and then what came as far as there is room: it is the new answer. */
function hold(seat: Seat, unread: readonly Text[]): void {
  const held = [...unread];
  let heldBytes = unread.reduce((bytes, { text }) => bytes + bytesOf(text), 0);
  while (seat.coming.length > 0) {
    const [next] = seat.coming as [Text];
    if (!fits(heldBytes + bytesOf(next.text), held.length + 1)) break;
    held.push(next);
    seat.coming.shift();
    heldBytes += bytesOf(next.text);
    seat.comingBytes -= bytesOf(next.text);
  }
  Object.assign(seat, { held, heldBytes, fresh: held.length });
}

function fits(bytes: number, texts: number): boolean {
  return bytes <= cacheBytes && texts <= cacheTexts;
}

function lastOf(match: Match, seat: Seat): Answered {
  return {
    kind: 'answer',
    match: match.id,
    seats: match.seats.length,
    counter: seat.counter,
    repeated: true,
    fresh: seat.held.slice(0, seat.fresh),
    later: seat.held.slice(seat.fresh),
    news: [],
  };
}

function bring({ tell }: Pick<Parts, 'tell'>, match: Match, to: Seat, from: number, text: string): void {
  to.count += 1;
  const brought: Text = { n: to.count, from, text };
  to.coming.push(brought);
  to.comingBytes += bytesOf(text);
  if (to.watcher) tell(to.watcher, { what: 'text', match: match.id, ...brought });
}

function hasRoom(seat: Seat, text: string): boolean {
  return fits(seat.comingBytes + bytesOf(text), seat.coming.length + 1);
}

/** With the separator before it. */
function bytesOf(text: string): number {
  return Buffer.byteLength(text) + 1;
}

/** A seat is given up, with a last text for the others if there is one. The match is over when at most one is left. */
export function leave(parts: Pick<Parts, 'tell'>, match: Match, at: number, text: string | undefined): void {
  const seat = match.seats[at] as Seat;
  if (seat.gone) return;
  seat.gone = true;
  Object.assign(seat, { held: [], fresh: 0, coming: [], heldBytes: 0, comingBytes: 0 });
  const others = match.seats.filter((other) => !other.gone);
  for (const other of others) {
    if (text !== undefined && hasRoom(other, text)) bring(parts, match, other, at, text);
    if (other.watcher) parts.tell(other.watcher, { what: 'quit', match: match.id, seat: at });
  }
  if (others.length <= 1) match.over = true;
}

/** When it is dropped, unless something is exchanged or everybody in it says that he is there. */
export function endS({ seats, exchangedS, silentS }: Match): number {
  const kept = Math.min(...seats.filter(({ gone }) => !gone).map(({ keptS }) => keptS));
  return Math.max(exchangedS, Number.isFinite(kept) ? kept : exchangedS) + silentS;
}
