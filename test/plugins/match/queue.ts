/** A queue without a node: the rules, a clock by hand, and somebody who makes matches at once. */
import type { ModeSpec } from '../../../core/contract/content.ts';
import { ask } from '../../../plugins/match/_asks.ts';
import { Book } from '../../../plugins/match/_book.ts';
import { failMatch } from '../../../plugins/match/_found.ts';
import { startMatch } from '../../../plugins/match/_matches.ts';
import type { Person, Ticket, Wish, Work } from '../../../plugins/match/_tickets.ts';
import { turn } from '../../../plugins/match/_time.ts';

export function modeOf(name: string, more: Partial<ModeSpec> = {}): ModeSpec {
  return {
    ...{ name, title: name, least: 2, most: 2, runs: 'instance', zone: 'table', accept: 0, join: 30, patience: 10 },
    ...{ backfill: false, hosts: false, bots: null, silent: 25, away: 60, avoid: 600, numbers: [], texts: [] },
    ...more,
  };
}

export type Asked = Partial<Wish> & Partial<Person> & { readonly party?: number | string };

export class Queue {
  readonly book: Book;
  /** What the rules want done, all of it so far. */
  readonly works: Work[] = [];
  /** Makes matches by itself as soon as they are wanted. */
  makes = true;
  now = 0;
  #modes: readonly ModeSpec[];
  readonly #from = new Map<string, number>();
  #count = 0;
  #digits = 0;

  constructor(...modes: readonly ModeSpec[]) {
    this.#modes = modes;
    this.book = new Book({
      modeOf: (game, mode) => (game === 'farm' ? this.#modes.find(({ name }) => name === mode) : undefined),
      digits: (count) => (this.#digits++).toString(16).padStart(count, '0'),
    });
  }

  /** Somebody new asks; with a name it is that owner's. */
  ask(name: string | null = null, { party, ...more }: Asked = {}): Ticket {
    const id = `t${++this.#count}`;
    const person: Person = {
      ...{ owner: `guest:${name ?? id}`, account: null, name },
      ...{ address: '127.0.0.1', session: null, ...pick(more) },
    };
    const wish: Wish = {
      ...{ game: 'farm', mode: this.#modes[0]?.name ?? '', wants: [], host: null },
      ...{ numbers: {}, texts: {}, walls: [], once: null },
      ...more,
    };
    return ask(this.book, { person, wish: wishOf(wish), party: party ?? null, id, key: `key-${id}` }, this.now);
  }

  /** Time passes, and the queue has its turn. Everybody is heard of, but these. */
  pass(seconds: number, silent: readonly Ticket[] = []): void {
    this.now += seconds;
    turn(this.book, (ticket) => !silent.includes(ticket), this.#from, this.now);
    this.work();
  }

  /** Does what the rules want. */
  work(): void {
    while (this.book.works.length > 0)
      for (const work of this.book.works.splice(0)) {
        this.works.push(work);
        if (this.makes && work.kind === 'make') startMatch(this.book, work.match, null, this.now);
      }
  }

  /** The game offers nothing any more. */
  forgetModes(): void {
    this.#modes = [];
  }

  /** Ids go on where the other one has come to. */
  continueFrom(other: Queue): void {
    this.#count = other.#count;
    this.#digits = other.#digits;
  }

  fail(match: string): void {
    failMatch(this.book, match, this.now);
    this.work();
  }

  /** Who plays with whom, by name. */
  get matches(): readonly (readonly (string | null)[])[] {
    return [...this.book.matches.values()].map((match) => this.book.players(match).map(({ name }) => name));
  }
}

function pick({ owner, account, session }: Asked): Partial<Person> {
  return {
    ...(owner !== undefined && { owner }),
    ...(account !== undefined && { account }),
    ...(session !== undefined && { session }),
  };
}

function wishOf({ game, mode, wants, host, numbers, texts, walls, once }: Wish): Wish {
  return { game, mode, wants, host, numbers, texts, walls, once };
}
