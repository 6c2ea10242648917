/** The queue of a node: tells players what happens, and makes what matches run in. */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Caller, type Host, HostError, type Json, type ModeSpec, perNode, type SessionInfo } from 'roost/plugin';
import { follow } from './_asks.ts';
import { Book } from './_book.ts';
import { EmptyZones } from './_empty.ts';
import { mayAllMeet } from './_fits.ts';
import { failMatch } from './_found.ts';
import { forget, handOver, keep, recall, takeOver } from './_kept.ts';
import { come, endMatch, finish, go, startMatch } from './_matches.ts';
import { close, lend, open, ownZone, tellScript, withoutRelay } from './_places.ts';
import { statusOf } from './_status.ts';
import { isLive, type Match, type Person, type Ticket, type Work } from './_tickets.ts';
import { turn } from './_time.ts';
import { Untold } from './_untold.ts';
import { renewWalls } from './_walls.ts';

/** Between two turns of the queue, two looks at who blocked whom, and two at zones that nobody needs; in seconds. */
const turnS = 0.25;
const wallsS = 5;
const emptyS = 5;
/** Longest time that a build takes to end what is over. */
const stopMs = 3_000;

/** What every game has that says nothing of modes. */
export const pair: ModeSpec = {
  ...{ name: 'pair', title: 'pair', least: 2, most: 2, runs: 'relay', zone: null, accept: 0, join: 30, patience: 10 },
  ...{ backfill: false, hosts: false, bots: null, silent: 25, away: 60, avoid: 600, numbers: [], texts: [] },
};

/** Of the node whose host it is: several may live in one process. */
export const deskOf = perNode((host) => new Desk(host));

export function modesOf(host: Host, game: string): readonly ModeSpec[] | undefined {
  const found = host.zones.game(game);
  return found && (found.modes ?? [pair]);
}

export class Desk {
  readonly book: Book;
  #host: Host;
  /** Where the last turn had to stop, by queue. */
  readonly #from = new Map<string, number>();
  /** What is done for one match is done in order, by its id. */
  readonly #doing = new Map<string, Promise<void>>();
  /** Of matches that are over. */
  readonly #ends = new Set<Promise<void>>();
  /** Whom sockets lead to: owners, and accounts. */
  #here: ReadonlySet<string> = new Set();
  /** What zones do not know yet. */
  readonly #seats = new Untold();
  readonly #zones: EmptyZones;
  #turns = 0;
  #stopped = false;

  constructor(host: Host) {
    this.#host = host;
    this.#zones = new EmptyZones(host);
    this.book = new Book({
      modeOf: (game, mode) => modesOf(host, game)?.find(({ name }) => name === mode),
      digits: (count) =>
        randomBytes(Math.ceil(count / 2))
          .toString('hex')
          .slice(0, count),
    });
  }

  get now(): number {
    return this.#host.clock.monotonicMs() / 1000;
  }

  /** Goes on with what the build before left, or with the matches that an earlier life of the node had. */
  async start(host: Host, former: Json | undefined): Promise<void> {
    this.#host = host;
    this.#stopped = false;
    if (takeOver(this.book, former)) this.#doAgain();
    else {
      if (former !== undefined) host.log.warn({}, 'the former build left its queue in another form: it is lost');
      await recall(host, this.book, this.now);
    }
    await this.#zones.start();
    host.every(turnS, () => this.turn());
    host.every(emptyS, () => this.#zones.sweep());
    host.every(emptyS, () => this.#endRelays());
    host.every(wallsS, () => renewWalls(host, this.#waiting()));
  }

  /** What was being done when the former build stopped: it does no harm twice. */
  #doAgain(): void {
    for (const { id, phase } of this.book.matches.values())
      this.book.works.push(phase === 'making' ? { kind: 'make', match: id } : { kind: 'seat', match: id, seat: 0 });
  }

  /** What the next build goes on with. What is over is brought to its end first: nobody would know of it any more. */
  async stop(): Promise<Json> {
    this.#stopped = true;
    const ended = Promise.allSettled(this.#ends);
    await Promise.race([ended, wait(stopMs, undefined, { ref: false })]);
    return handOver(this.book);
  }

  #waiting(): readonly Ticket[] {
    return [...this.book.tickets.values()].filter(({ state }) => state === 'waiting' || state === 'gathering');
  }

  turn(): void {
    if (this.book.tickets.size === 0) return;
    // Who is here is asked once a second.
    if (this.#turns++ % Math.round(1 / turnS) === 0) this.#look();
    turn(this.book, (ticket) => this.#isHere(ticket), this.#from, this.now);
    this.settle();
  }

  /** Nobody has anything to come back to where the relay is no more. */
  async #endRelays(): Promise<void> {
    const { book } = this;
    const relayed = [...book.matches.values()].filter(({ zone, phase }) => zone === null && phase === 'running');
    const gone = relayed.length === 0 ? [] : await withoutRelay(this.#host, relayed);
    for (const match of gone) if (book.matches.get(match.id) === match) endMatch(book, match, this.now);
    this.settle();
  }

  /** Who is here, and as whom. */
  #look(): void {
    const open = this.#host.sessions.list().filter(({ via }) => via !== 'http');
    this.#here = new Set(open.flatMap(({ owner, account }) => (account ? [owner, account.id] : [owner])));
    const byId = new Map(open.map((session) => [session.id, session]));
    const byOwner = new Map(open.map((session) => [session.owner, session]));
    for (const ticket of this.book.tickets.values()) {
      if (!isLive(ticket) || ticket.account !== null) continue;
      const session = byId.get(ticket.session ?? '') ?? byOwner.get(ticket.owner);
      if (session) follow(this.book, ticket, knownOf(session));
    }
  }

  #isHere({ owner, account }: Ticket): boolean {
    return this.#here.has(account ?? owner);
  }

  /** Tells whoever has something to hear, and does what has to be done. After every change. */
  settle(): void {
    const { book } = this;
    while (book.told.size > 0) {
      const tickets = book.all([...book.told]);
      book.told.clear();
      if (tickets.some((ticket) => this.#isAtRelay(ticket))) this.#look();
      for (const ticket of tickets) this.#push(ticket);
    }
    for (const work of book.works.splice(0)) this.#do(work);
  }

  #push(ticket: Ticket): void {
    const { owner, account } = ticket;
    const to = account === null ? { user: owner } : { account };
    this.#host.send(to, 'match', statusOf(this.book, ticket, this.now));
    if (this.#isAtRelay(ticket) && this.#isHere(ticket)) this.hear(ticket);
  }

  #isAtRelay({ state, match }: Ticket): boolean {
    return state === 'started' && match !== null && this.book.matches.get(match)?.zone === null;
  }

  /** Its player hears how it stands: whoever knows the key of his relay has come. */
  hear(ticket: Ticket): void {
    ticket.heard = this.now;
    if (this.#isAtRelay(ticket)) come(this.book, ticket, null, this.now);
  }

  /** Who asked as a guest over this connection. */
  loggedIn(caller: Caller): void {
    for (const ticket of this.book.tickets.values()) {
      if (!isLive(ticket) || ticket.account !== null || ticket.session !== caller.id) continue;
      follow(this.book, ticket, knownOf(caller));
      this.book.tell(ticket);
    }
    this.settle();
  }

  /** A zone runs, after its worker was lost perhaps: what its script was told last may be lost, too. */
  opened(zone: string): void {
    for (const match of this.book.matches.values()) {
      if (match.zone !== zone || match.phase !== 'running') continue;
      this.#seats.forget(match.id);
      this.book.works.push({ kind: 'seat', match: match.id, seat: 0 });
    }
    this.settle();
  }

  /** A character came into a zone, or left it. */
  entered(caller: Caller, zone: string): void {
    for (const ticket of this.#playing(caller, zone)) come(this.book, ticket, caller.character, this.now);
    this.settle();
  }

  left(caller: Caller, zone: string): void {
    for (const ticket of this.#playing(caller, zone)) go(this.book, ticket, this.now);
    this.settle();
  }

  #playing({ owner, account }: Caller, zone: string): readonly Ticket[] {
    return [...this.book.tickets.values()].filter((ticket) => {
      const isHis = ticket.owner === owner || (account !== null && ticket.account === account.id);
      return isHis && ticket.match !== null && this.book.matches.get(ticket.match)?.zone === zone;
    });
  }

  #do(work: Work): void {
    const id = work.kind === 'end' ? work.match.id : work.match;
    if (work.kind === 'seat') this.#seats.add(id, work.seat);
    const before = this.#doing.get(id) ?? Promise.resolve();
    const done = before.then(() => this.#carryOut(work)).catch((error: unknown) => this.#report(work, id, error));
    this.#doing.set(id, done);
    if (work.kind === 'end') this.#ends.add(done);
    void done.then(() => {
      this.#ends.delete(done);
      if (this.#doing.get(id) === done) this.#doing.delete(id);
      if (!this.#stopped) this.settle();
    });
  }

  /** Resolves when what was to be done for a match is done. */
  done(match: string): Promise<void> {
    return this.#doing.get(match) ?? Promise.resolve();
  }

  #report({ kind }: Work, match: string, error: unknown): void {
    const code = error instanceof HostError ? error.code : null;
    this.#host.log.warn({ match, work: kind, code, error }, 'something of a match could not be done');
  }

  async #carryOut(work: Work): Promise<void> {
    if (work.kind === 'end') return await this.#end(work.match);
    if (this.#stopped) return;
    const match = this.book.matches.get(work.match);
    if (!match) return;
    if (work.kind === 'make') await this.#make(match);
    else await this.#tell(match);
  }

  async #make(match: Match): Promise<void> {
    const { book } = this;
    try {
      await renewWalls(this.#host, book.players(match));
      const players = book.players(match);
      if (!mayAllMeet(players)) {
        if (!this.#stopped) failMatch(book, match.id, this.now);
        return;
      }
      const relays = await open(this.#host, match, players);
      // Whoever hears that it has started finds it again after the node was killed.
      if (match.zone !== null) await keep(this.#host, match, book.players(match));
      if (this.#stopped) return;
      if (book.matches.has(match.id)) startMatch(book, match.id, relays, this.now);
      else await close(this.#host, match, relays?.[0]);
    } catch (error) {
      if (this.#stopped) return;
      failMatch(book, match.id, this.now);
      throw error;
    }
  }

  /** Who comes into its zone, what is kept of it, and what its script knows is as it is now. */
  async #tell(match: Match): Promise<void> {
    const seats = this.#seats.take(match);
    if (match.zone === null || seats.length === 0) return;
    const players = this.book.players(match);
    await lend(this.#host, match, players);
    await keep(this.#host, match, players);
    const answers = await Promise.all(seats.map((seat) => tellScript(this.#host, match, seat)));
    if (answers.includes(true)) finish(this.book, match.id);
  }

  async #end(match: Match): Promise<void> {
    this.#seats.forget(match.id);
    await close(this.#host, match);
    const { id, zone } = match;
    if (zone === null) return;
    const own = ownZone(match);
    if (own === null) await forget(this.#host, id);
    else await this.#zones.give(id, own);
    if (own !== null || match.phase === 'making') return;
    const empty: Match = { ...match, seats: match.seats.map(() => null) };
    await Promise.all([...empty.seats.keys()].map((seat) => tellScript(this.#host, empty, seat)));
  }
}

/** By what somebody is known who calls; a call over HTTP is no connection. */
export function knownOf({
  id,
  via,
  owner,
  account,
}: Caller | SessionInfo): Pick<Person, 'owner' | 'account' | 'session'> {
  return { owner, account: account?.id ?? null, session: via === 'socket' || via === 'text' ? id : null };
}

/** What recognises a key, and does not give it away. */
export function idOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 40);
}

/** 186 bits of chance behind a letter that says what it is. */
export function newKey(): string {
  return `T${randomBytes(24).toString('base64url').slice(0, 31)}`;
}
