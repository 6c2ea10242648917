/** Thousands of people who come, accept, vanish and leave as they like: what must hold after every step. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cancel, leaveMatch } from '../../../plugins/match/_asks.ts';
import { wantEachOther } from '../../../plugins/match/_fits.ts';
import { accept } from '../../../plugins/match/_found.ts';
import { come, finish, go, startMatch } from '../../../plugins/match/_matches.ts';
import type { Ticket } from '../../../plugins/match/_tickets.ts';
import { modeOf, Queue } from './queue.ts';

const skill = { name: 'skill', windows: [50], grow: 5, most: null, usual: 0, every: 10, adds: false };
const modes = [
  modeOf('duel'),
  modeOf('asked', { accept: 15 }),
  modeOf('melee', { most: 4, accept: 10, backfill: true, bots: 30, numbers: [skill], texts: ['region'] }),
  modeOf('camp', { most: 3, hosts: true, accept: 5 }),
  modeOf('four', { least: 4, most: 4, accept: 5 }),
] as const;

type Step = { readonly does: string; readonly who: number; readonly n: number };

const does = [
  ...['ask', 'ask', 'ask', 'ask', 'party', 'join', 'named', 'host', 'private', 'accept', 'accept', 'accept', 'come'],
  ...[
    'come',
    'come',
    'go',
    'cancel',
    'leave',
    'silent',
    'make',
    'make',
    'make',
    'fail',
    'finish',
    'pass',
    'pass',
    'reload',
  ],
];
const step = fc.record({ does: fc.constantFrom(...does), who: fc.nat(30), n: fc.nat(1000) });

/** People of one run: sixteen names, each one ticket at a time. */
class Run {
  queue = new Queue(...modes);
  readonly asked: Ticket[] = [];
  readonly silent = new Set<string>();
  /** Who declined whom, and when: kept apart from the rules. */
  readonly declined: { readonly one: string; readonly other: string; readonly at: number }[] = [];

  constructor() {
    this.queue.makes = false;
  }

  get live(): readonly Ticket[] {
    return [...this.queue.book.tickets.values()].filter(({ ended }) => ended === null);
  }

  do({ does: what, who, n }: Step): void {
    const { queue, live } = this;
    const { book, now } = queue;
    const one = live[who % Math.max(1, live.length)];
    const making = [...book.matches.values()].filter(({ phase }) => phase === 'making');
    const match = making[n % Math.max(1, making.length)];
    if (what === 'pass')
      return queue.pass(
        n % 20,
        live.filter(({ id }) => this.silent.has(id)),
      );
    if (what === 'make') return match && startMatch(book, match.id, null, now);
    if (what === 'fail') return match && queue.fail(match.id);
    if (['ask', 'party', 'join', 'named', 'host', 'private'].includes(what)) return this.ask(what, who, n);
    if (what === 'reload') return this.reload();
    if (!one) return;
    if (what === 'accept') accept(book, one, now);
    else if (what === 'come') come(book, one, `c${one.id}`, now);
    else if (what === 'go') go(book, one, now);
    else if (what === 'finish') finish(book, one.match ?? '');
    else if (what === 'silent') this.silent.add(one.id);
    else if (one.state === 'started') leaveMatch(book, one, now);
    else {
      for (const other of book.all(book.founds.get(one.found ?? '')?.members ?? []))
        if (other !== one && (one.party === null || other.party !== one.party))
          this.declined.push({ one: person(one), other: person(other), at: now });
      cancel(book, one, now);
    }
  }

  ask(what: string, who: number, n: number): void {
    const name = `P${who % 16}`;
    if (this.live.some((ticket) => ticket.name === name)) return;
    const mode = modes[n % modes.length]?.name ?? '';
    const other = `P${n % 16}`;
    const code = [...this.queue.book.parties.keys()][n % Math.max(1, this.queue.book.parties.size)];
    const wish = {
      ...(mode === 'melee' && { numbers: { skill: n }, texts: { region: n % 2 ? 'eu' : 'us' } }),
      walls: who % 5 === 0 ? [`guest:P${n % 16}`, `guest:P${(n + 5) % 16}`, `account:A${n % 2}`] : [],
      ...(who % 4 === 0 && { session: `s${n % 4}` }),
      ...(who % 3 === 0 && { account: `A${n % 3}` }),
      ...(who % 7 === 0 && { owner: `guest:P${n % 16}` }),
    };
    if (what === 'party') this.add(name, { mode: 'four', party: 2 + (n % 2) });
    else if (what === 'join' && code !== undefined) this.add(name, { party: code });
    else if (what === 'named' && other !== name) this.add(name, { mode: 'asked', wants: [skeleton(other)] });
    else if (what === 'host') this.add(name, { mode: 'camp', host: 'open' });
    else if (what === 'private') this.add(name, { mode: 'camp', host: 'private' });
    else this.add(name, { mode, ...wish });
  }

  add(name: string, wish: Parameters<Queue['ask']>[1]): void {
    try {
      this.asked.push(this.queue.ask(name, wish));
    } catch (error) {
      // Somebody has completed the party.
      expect((error as { code: string }).code).toBe('match.no-party');
    }
  }

  /** The next build goes on with what the former one wrote down. */
  reload(): void {
    const { now, book } = this.queue;
    const next = new Queue(...modes);
    Object.assign(next, { now, makes: false });
    next.continueFrom(this.queue);
    next.book.load(JSON.parse(JSON.stringify(book.save())));
    this.queue = next;
    for (const [at, ticket] of this.asked.entries()) this.asked[at] = next.book.tickets.get(ticket.id) ?? ticket;
  }

  check(): void {
    const { book } = this.queue;
    const places = new Map<string, string>();
    const sit = (ticket: string, where: string) => {
      expect(places.get(ticket), 'nobody is in two places').toBeUndefined();
      places.set(ticket, where);
    };
    for (const match of book.matches.values())
      for (const seat of match.seats) if (seat?.ticket) sit(seat.ticket, match.id);
    for (const found of book.founds.values()) for (const id of found.members) sit(id, found.id);
    for (const ticket of book.tickets.values()) {
      const where = ticket.match ?? ticket.found ?? undefined;
      expect(places.get(ticket.id), `${ticket.name} is where his ticket says`).toBe(where);
      const isPlaced = ticket.state === 'started' || ticket.state === 'found';
      expect(where !== undefined, `${ticket.name} is ${ticket.state}`).toBe(isPlaced);
      expect(ticket.ended !== null).toBe(ticket.state === 'cancelled' || ticket.state === 'over');
      if (ticket.ended !== null) expect(ticket.why).not.toBeNull();
    }
    for (const id of places.keys()) expect(book.tickets.get(id)?.ended).toBeNull();
    for (const group of [...book.matches.values()].map((match) => book.players(match)))
      for (const [at, mine] of group.entries())
        for (const other of group.slice(at + 1))
          expect(whyApart(mine, other), `${mine.name} meets ${other.name}`).toBe('');
    for (const { members, size } of book.parties.values()) {
      expect(members.length).toBeLessThanOrEqual(size);
      // Nobody waits for a match while somebody of his party is missing.
      const isWhole = members.length === size;
      for (const id of members) if (!isWhole) expect(book.tickets.get(id)?.state).not.toBe('waiting');
    }
    for (const { seats, mode } of book.matches.values()) {
      const most = modes.find(({ name }) => name === mode)?.most ?? 0;
      expect(seats.length).toBeLessThanOrEqual(most);
      const open = seats.filter((seat) => !seat?.ticket).length;
      const promised = [...book.founds.values()].filter(
        ({ into }) => into !== null && book.matches.get(into)?.seats === seats,
      );
      expect(promised.flatMap(({ members }) => members).length, 'no seat is promised twice').toBeLessThanOrEqual(open);
    }
    for (const match of book.matches.values())
      expect(book.players(match).length, 'a match has players').toBeGreaterThan(0);
    // Whoever asked waits, plays, or was told why not.
    for (const { id, state, ended } of this.asked)
      expect(book.tickets.has(id) || ended !== null, `${id} (${state}) is lost`).toBe(true);
  }

  /** Who was put together just now does not avoid each other. */
  checkNew(): void {
    const { book, now } = this.queue;
    const groups = [...book.founds.values()].filter(({ until, mode }) => until - (acceptOf(mode) ?? 0) === now);
    for (const { members } of groups)
      for (const [at, mine] of book.all(members).entries())
        for (const other of book.all(members).slice(at + 1))
          if (mine.party === null || mine.party !== other.party)
            expect(this.hasDeclined(mine, other), `${mine.name} avoids ${other.name}`).toBe(false);
  }

  hasDeclined(...both: readonly Ticket[]): boolean {
    const people = both.map(person);
    return this.declined.some(
      ({ one, other, at }) => people.includes(one) && people.includes(other) && this.queue.now < at + 600,
    );
  }

  /** After a turn nobody of a mode for two waits who could play with another. */
  checkPairs(): void {
    const { book, now } = this.queue;
    for (const mode of ['duel', 'asked']) {
      const free = this.live.filter((one) => one.state === 'waiting' && one.mode === mode && one.rest <= now);
      for (const [at, mine] of free.entries())
        for (const other of free.slice(at + 1)) {
          const fits = whyApart(mine, other) === '' && wantEachOther(mine, other) && !book.avoids(mine, other, now);
          expect(fits, `${mine.name} and ${other.name} wait side by side`).toBe(false);
        }
    }
  }
}

const skeleton = (name: string) => name.toLowerCase();
const acceptOf = (mode: string) => modes.find(({ name }) => name === mode)?.accept;

/** Said once more, apart from the rules. */
function whyApart(one: Ticket, other: Ticket): string {
  if (one.owner === other.owner) return 'the same owner';
  if (one.account !== null && one.account === other.account) return 'the same account';
  if (one.session !== null && one.session === other.session) return 'the same connection';
  if (one.walls.includes(person(other)) || other.walls.includes(person(one))) return 'blocked';
  return '';
}

function person({ owner, account }: Ticket): string {
  return account === null ? owner : `account:${account}`;
}

describe('whatever they do', () => {
  it('TRN-03 TRN-19 nobody sits twice, meets whom he may not, waits beside somebody that fits, or is lost', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 300, size: 'max' }), (steps) => {
        const run = new Run();
        for (const one of steps) {
          run.do(one);
          run.check();
          if (one.does !== 'pass') continue;
          run.checkPairs();
          run.checkNew();
        }
        // In the end nobody is heard of any more: nobody is left seated nowhere, and nothing is left.
        for (let i = 0; i < 60; i++) {
          run.queue.pass(20, run.live);
          for (const { id, phase } of run.queue.book.matches.values())
            if (phase === 'making') startMatch(run.queue.book, id, null, run.queue.now);
          for (const ticket of run.live) go(run.queue.book, ticket, ticket.heard);
        }
        run.check();
        const { tickets, matches, founds, parties } = run.queue.book;
        expect([tickets.size, matches.size, founds.size, parties.size]).toEqual([0, 0, 0, 0]);
      }),
      { numRuns: 100 },
    );
  });

  it('TRN-19 of those that fit, whoever came first goes first', () => {
    const arrival = fc.record({ skill: fc.nat(400), wait: fc.nat(8), leaves: fc.boolean() });
    fc.assert(
      fc.property(fc.array(arrival, { minLength: 20, maxLength: 80, size: 'max' }), (arrivals) => {
        const mode = modeOf('ranked', { numbers: [skill] });
        const queue = new Queue(mode);
        for (const { skill: value, wait, leaves } of arrivals) {
          const ticket = queue.ask(null, { numbers: { skill: value } });
          const before = [...queue.book.tickets.values()].filter(({ state }) => state === 'waiting');
          queue.pass(wait);
          const window = (one: Ticket, other: Ticket) =>
            50 + 5 * (queue.now - Math.min(one.asked, other.asked)) >=
            Math.abs((one.numbers.skill ?? 0) - (other.numbers.skill ?? 0));
          const left = before.filter(({ state }) => state === 'waiting');
          for (const match of queue.book.matches.values()) {
            const [one, other] = queue.book.players(match);
            if (!one || !other || one.matched !== queue.now) continue;
            const first = one.order < other.order ? one : other;
            const second = first === one ? other : one;
            // Nobody who came before the second, and fits the first, was left out.
            for (const third of left) expect(third.order < second.order && window(first, third)).toBe(false);
          }
          if (leaves && ticket.state === 'waiting') cancel(queue.book, ticket, queue.now);
        }
        // However far apart they are, the window has no end: at most one is left.
        queue.pass(1000);
        expect([...queue.book.tickets.values()].filter(({ state }) => state === 'waiting').length).toBeLessThan(2);
      }),
      { numRuns: 300 },
    );
  });

  it('two thousand who fit nobody cost a bounded time a turn, and those that fit are found', () => {
    const rule = { ...skill, grow: 0 };
    const queue = new Queue(modeOf('ranked', { numbers: [rule] }));
    for (let i = 0; i < 2_000; i++) queue.ask(null, { numbers: { skill: i * 1_000 } });
    const last = [queue.ask('Ann', { numbers: { skill: -5_000 } }), queue.ask('Bob', { numbers: { skill: -5_001 } })];
    let turns = 0;
    while (last[0]?.state !== 'started' && turns < 100) {
      queue.pass(0.25);
      turns += 1;
    }
    expect(queue.matches).toEqual([['Ann', 'Bob']]);
    expect(turns).toBeLessThan(40);
  });
});
