/** The matches that go on, and who may act in them: whoever has the key of a seat. */
import {
  type From,
  type Match,
  type Outcome,
  type Parts,
  type Refused,
  refused,
  type Seat,
  type Started,
} from './_rules.ts';
import { endS, leave, openMatch, pass, type Sitter } from './_seats.ts';

export type Update = {
  /** The seat that the key is for, as the older format says it; undefined where nobody said. */
  readonly seat?: number | undefined;
  readonly counter: number;
  /** Undefined: it only asks. */
  readonly text?: string | undefined;
  /** Number of the last text that was read; undefined: all that the last answer brought. */
  readonly read?: number | undefined;
};

export class Matches {
  readonly #parts: Parts;
  readonly #matches = new Map<string, Match>();
  /** By the key of a seat. */
  readonly #seats = new Map<string, { readonly match: Match; readonly at: number }>();
  readonly #ended: (keys: ReadonlySet<string>) => void;

  /** @param ended  Is told the keys of seats that are no more. */
  constructor(parts: Parts, ended: (keys: ReadonlySet<string>) => void) {
    this.#parts = parts;
    this.#ended = ended;
  }

  list(): readonly Match[] {
    return [...this.#matches.values()];
  }

  has(id: string): boolean {
    return this.#matches.has(id);
  }

  /** Those that take a place. */
  get going(): number {
    let count = 0;
    for (const { over } of this.#matches.values()) if (!over) count += 1;
    return count;
  }

  ofAddress(address: string): number {
    let count = 0;
    for (const { over, seats } of this.#matches.values())
      if (!over && seats.some((seat) => seat.address === address)) count += 1;
    return count;
  }

  open(sitters: readonly Sitter[], nowS: number, silentS = this.#parts.limits().exchangeS): readonly Started[] {
    const match = openMatch(this.#parts, sitters, nowS, silentS);
    this.add(match);
    return match.seats.map((_seat, at) => startOf(match, at));
  }

  add(match: Match): void {
    this.#matches.set(match.id, match);
    for (const [at, { key }] of match.seats.entries()) this.#seats.set(key, { match, at });
  }

  /** Nobody is told. */
  clear(): void {
    this.#matches.clear();
    this.#seats.clear();
  }

  /** How the match of this seat began. */
  startOf(key: string): Started | undefined {
    const found = this.#seats.get(key);
    return found && startOf(found.match, found.at);
  }

  update(key: string, { seat: said, counter, text, read }: Update, from: From, nowS: number): Outcome {
    const found = this.#find(key, said);
    if ('kind' in found) return found;
    const { match, at } = found;
    const seat = match.seats[at] as Seat;
    if (seat.gone) return refused('no-match');
    seat.heardS = nowS;
    if (from.watcher) seat.watcher = from.watcher;
    return pass(this.#parts, match, at, { counter, text, read, nowS });
  }

  /** Leaves the match, and tells the others. Once more does nothing. */
  quit(key: string, said: number | undefined, text: string | undefined, nowS: number): Outcome {
    const found = this.#find(key, said);
    if ('kind' in found) return found;
    this.#leave(found.match, found.at, text, nowS);
    return { kind: 'quit' };
  }

  /** Whoever is in the seat is there and has nothing to say. False when there is no such seat. */
  keep(key: string, { watcher }: From, nowS: number): boolean {
    const found = this.#seats.get(key);
    const seat = found?.match.seats[found.at];
    if (!seat || seat.gone) return false;
    Object.assign(seat, { heardS: nowS, keptS: nowS });
    if (watcher) seat.watcher = watcher;
    return true;
  }

  /** Ends a match for everybody in it; false when there is none. */
  close(id: string): boolean {
    const match = this.#matches.get(id);
    if (match) this.#end(match, true);
    return match !== undefined;
  }

  /** Drops those in which nothing was exchanged for too long, and of more than two who was silent as long. */
  sweep(nowS: number): void {
    for (const match of this.list()) {
      if (nowS > endS(match)) this.#end(match, true);
      else if (match.seats.length > 2) this.#sweepSeats(match, nowS);
    }
  }

  /** Texts that nobody reads would be in the way of those that the others have for each other. */
  #sweepSeats(match: Match, nowS: number): void {
    for (const [at, { gone, heardS, watcher }] of match.seats.entries()) {
      if (gone || match.over || nowS - heardS <= match.silentS) continue;
      this.#leave(match, at, undefined, nowS);
      if (watcher) this.#parts.tell(watcher, { what: 'over', match: match.id });
    }
  }

  #leave(match: Match, at: number, text: string | undefined, nowS: number): void {
    const wasOver = match.over;
    leave(this.#parts, match, at, text);
    if (match.seats.every(({ gone }) => gone)) this.#end(match, false);
    else if (match.over && !wasOver) this.#outlive(match, nowS);
  }

  /** @param said  The seat that whoever has the key takes it for. */
  #find(key: string, said: number | undefined): { readonly match: Match; readonly at: number } | Refused {
    const found = this.#seats.get(key);
    if (said !== undefined && said >= (found?.match.seats.length ?? 2)) return refused('bad-seat');
    if (!found) return refused('no-match');
    return said === undefined || said === found.at ? found : refused('not-your-seat');
  }

  #end(match: Match, tells: boolean): void {
    this.#matches.delete(match.id);
    const keys = new Set(match.seats.map(({ key }) => key));
    for (const key of keys) this.#seats.delete(key);
    this.#ended(keys);
    if (!tells) return;
    for (const { watcher, gone } of match.seats)
      if (watcher && !gone) this.#parts.tell(watcher, { what: 'over', match: match.id });
  }

  /** One is left in it, and has the usual time to hear that. Those take no place of others, and there are as many at most. */
  #outlive(match: Match, nowS: number): void {
    match.exchangedS = nowS;
    const over = this.list().filter((other) => other.over);
    if (over.length > this.#parts.limits().matches) this.#end(over[0] as Match, true);
  }
}

function startOf({ id, seats }: Match, at: number): Started {
  return { kind: 'started', match: id, key: (seats[at] as Seat).key, seat: at, names: seats.map(({ name }) => name) };
}
