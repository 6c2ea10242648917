/**
 * Who is where: characters, their names, and taking them back after a lost connection. A player's enters, leaves and
 * resumes run one after the other, and none while the character is on its way from zone to zone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { HostError } from '../contract/errors.ts';
import type { ObjectId, ZoneId } from '../contract/link.ts';
import type { Clock, Guests, Log, Moved, Persona, Who, ZoneState, Zones } from '../contract/ports.ts';
import type { Entered } from '../contract/protocol.ts';
import type { Audience } from './audience.ts';
import { Entrance } from './entrance.ts';
import type { Fanout } from './fanout.ts';
import { Ghosts } from './ghosts.ts';
import { KeptCharacters } from './kept-characters.ts';
import { isKept, type Missed, Player } from './player.ts';
import { PlayerBook } from './player-book.ts';
import { PlayerTurns } from './player-turns.ts';
import type { LiveSession } from './session.ts';

export type PresenceOptions = {
  readonly zones: Zones;
  readonly guests: Guests;
  readonly fanout: Fanout;
  readonly clock: Clock;
  readonly log: Log;
  /** Random bytes, as `crypto.randomBytes` gives them. */
  readonly random: (bytes: number) => Buffer;
  readonly graceS: number;
  /** Characters without a connection that one address may leave behind. */
  readonly ghostsPerAddress: number;
  readonly audience: Audience;
  /** The session is about to enter a zone. */
  readonly coming: (session: LiveSession) => void;
  /** Most players of a zone. */
  readonly capacity: (zone: ZoneId) => number;
  readonly entered: (session: LiveSession, zone: ZoneId) => void;
  readonly left: (session: LiveSession, zone: ZoneId) => void;
};

/** Between two tries to take somebody back while the database or the zone is away. */
const againMs = 500;

export class Presence {
  readonly #options: PresenceOptions;
  readonly #book: PlayerBook;
  readonly #ghosts: Ghosts;
  readonly #entrance: Entrance;
  readonly #characters: KeptCharacters;
  readonly #turns: PlayerTurns;
  readonly #audience: Audience;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#audience = options.audience;
    this.#book = new PlayerBook(options);
    this.#characters = new KeptCharacters(options.zones, options.log);
    this.#turns = new PlayerTurns(options.log);
    const { zones, audience, coming, entered } = options;
    this.#ghosts = new Ghosts({ ...options, book: this.#book, end: (player) => void this.#end(player) });
    this.#entrance = new Entrance({
      ...{ zones, audience, coming, entered },
      ...{ book: this.#book, characters: this.#characters, ghosts: this.#ghosts },
      end: (player) => this.#end(player),
      show: (session, zone, character) => this.#show(session, zone, character),
    });
  }

  /** Somebody new, in no zone. */
  createPlayer(): Player {
    return new Player(`guest:${this.#options.random(8).toString('hex')}`, this.#options.clock.monotonicMs());
  }

  /** Somebody who plays a character of an account, in no zone. @throws HostError session.elsewhere when it is played by another */
  createPersona({ owner, name }: Persona, account: Player['account']): Player {
    if (this.#book.find(owner) !== undefined) throw new HostError('session.elsewhere');
    const player = new Player(owner, this.#options.clock.monotonicMs(), account);
    player.name = name;
    return player;
  }

  /** Who plays the character of an owner now, connected or not. */
  findByOwner(owner: string): Player | undefined {
    return this.#book.find(owner);
  }

  /** Players of an account, connected or not. */
  ofAccount(id: string): readonly Player[] {
    return [...this.#book.all()].filter(({ account }) => account?.id === id);
  }

  /** Whether somebody present has this name, or one that looks the same. */
  isNamed(name: string): boolean {
    return this.#book.names.has(name);
  }

  /** Owner of who is present under exactly this name. */
  ownerOf(name: string): string | null {
    const player = this.#book.names.find(name);
    return player?.name === name ? player.owner : null;
  }

  /** Keeps a message for those whose connection was lost. True when there was one. */
  miss(fits: (player: Player) => boolean, message: Missed): boolean {
    let kept = false;
    for (const player of this.#book.all()) if (player.waits && fits(player)) kept = player.miss(message) || kept;
    return kept;
  }

  /** The player that the token belongs to. */
  findByToken(token: string): Player | undefined {
    return this.#book.tokens.find(token);
  }

  /** Whoever held the token in an earlier life of the node: without a character, but the same owner. */
  async recall(session: LiveSession, token: string): Promise<Player | undefined> {
    const owner = await this.#patiently(session, () => this.#book.tokens.recall(token));
    return owner === undefined || this.#book.find(owner) !== undefined
      ? undefined
      : new Player(owner, this.#options.clock.monotonicMs());
  }

  /** @throws HostError zone.*, name.* */
  enter(session: LiveSession, zone: ZoneId, name: string | undefined): Promise<Entered> {
    return this.#turns.run(session.player, () => this.#entrance.enter(session, zone, name));
  }

  leave(session: LiveSession): Promise<void> {
    const { player } = session;
    return this.#turns.run(player, async () => {
      await this.#end(player);
    });
  }

  /** Gives a session the character of an earlier connection, which is closed if it is still there. */
  resume(session: LiveSession, player: Player): Promise<Entered> {
    return this.#turns.run(player, async () => {
      if (player.zone === null || session.closed) throw new HostError('session.unknown-resume');
      // It came into a zone while this waited for its turn: one connection plays one character.
      if (session.player !== player && session.player.zone !== null) throw new HostError('session.playing');
      const former = player.session;
      session.player = player;
      player.session = session;
      clearTimeout(player.grace);
      if (former !== undefined && former !== session) {
        this.#detach(former, player);
        former.player = this.createPlayer();
        former.end('session.replaced');
      }
      try {
        return await this.#patiently(session, () => this.#rejoin(session, player));
      } catch (error) {
        if (!session.closed) void this.#end(player);
        throw error;
      }
    });
  }

  async #rejoin(session: LiveSession, player: Player): Promise<Entered> {
    // What let it in may have been taken away while nobody was there.
    const { zone: from, owner } = player;
    if (from !== null)
      await this.#options.zones.admit(from, { as: 'player', account: session.account, player: owner, from });
    for (;;) {
      const entered = await this.#entrance.join(session, player.zone);
      if (entered !== null) return entered;
    }
  }

  /** The connection is gone: the character stays for the grace time. */
  disconnected(session: LiveSession): void {
    const { player } = session;
    if (player.session !== session) return;
    this.#detach(session, player);
    player.session = undefined;
    if (session.listens) player.lost = true;
    const { zone, character, owner } = player;
    if (zone === null || character === null) {
      this.#book.forget(player);
      return;
    }
    player.address = session.address;
    player.lostMs = this.#options.clock.monotonicMs();
    this.#options.zones.tell(zone, { type: 'connected', owner, character, connected: false });
    player.grace = setTimeout(
      () => void this.#turns.run(player, async () => this.#giveUp(player)),
      this.#options.graceS * 1000,
    );
    player.grace.unref();
    if (!player.kept) this.#ghosts.limit(session.address);
  }

  /** Characters present in a zone, by name. */
  who(zone: ZoneId): readonly Who[] {
    return this.#book.who(zone);
  }

  /** A script sends the character to another zone. */
  moving(owner: string, from: ZoneId): void {
    const player = this.#book.find(owner);
    if (player === undefined) return;
    player.moving ??= Promise.withResolvers();
    const { session } = player;
    if (session === undefined) return;
    this.#options.fanout.detach(session.id);
    session.send('zone', { zone: from, state: 'moving' });
  }

  /** It arrived, or, where `to` is `from`, it stays after all. */
  moved({ owner, character, from, to }: Moved): void {
    const player = this.#book.find(owner);
    if (to === from && !player?.moving) return;
    if (player?.character !== character) {
      // It was given up on the way.
      player?.settle();
      if (isKept(owner)) void this.#characters.putAway(owner, to, character);
      else this.#options.zones.tell(to, { type: 'leave', owner, character });
      return;
    }
    player.settle();
    this.#book.appear(player, to);
    const { session } = player;
    if (session === undefined) {
      this.#options.zones.tell(to, { type: 'connected', owner, character, connected: false });
      return;
    }
    this.#audience.leave(from, session.id);
    if (to !== from) {
      this.#options.left(session, from);
      session.send('zone', { zone: to, state: 'entering' });
      this.#options.entered(session, to);
    }
    this.#show(session, to, character);
  }

  /** Tells the sessions of a zone how it is. */
  changed({ zone, epoch, state, code }: ZoneState): void {
    const { fanout } = this.#options;
    const players = [...this.#book.in(zone)];
    if (state !== 'running') fanout.pause(zone);
    for (const player of players) {
      const { session } = player;
      if (session === undefined || player.character === null) continue;
      session.send('zone', code === undefined ? { zone, state } : { zone, state, code });
      if (state === 'closed') {
        this.#detach(session, player);
        this.#book.forget(player);
        session.idleSinceMs = this.#options.clock.monotonicMs();
        this.#options.left(session, zone);
      }
    }
    if (state === 'running') fanout.resume(zone, epoch);
    if (state === 'closed') fanout.forget(zone);
  }

  #show(session: LiveSession, zone: ZoneId, character: ObjectId): void {
    this.#audience.enter(zone, session.id);
    session.send('zone', { zone, state: 'running' });
    this.#options.fanout.attach(session, zone, character);
  }

  /** The session looks at its zone no more. */
  #detach(session: LiveSession, player: Player): void {
    this.#options.fanout.detach(session.id);
    if (player.zone !== null) this.#audience.leave(player.zone, session.id);
  }

  /** The player is in no zone any more, at once; a guest's character goes, a kept one is put away: on disk when it resolves. */
  #end(player: Player): Promise<void> | undefined {
    const { zone, character, session, owner } = player;
    if (zone === null) return undefined;
    const leaves = player.kept && character !== null ? this.#characters.putAway(owner, zone, character) : undefined;
    if (character !== null && !player.kept) this.#options.zones.tell(zone, { type: 'leave', owner, character });
    if (session !== undefined) {
      this.#detach(session, player);
      session.idleSinceMs = this.#options.clock.monotonicMs();
    }
    this.#book.forget(player);
    if (session !== undefined && character !== null) this.#options.left(session, zone);
    return leaves;
  }

  async #giveUp(player: Player): Promise<void> {
    if (player.session === undefined) await this.#end(player);
  }

  /** While the database is away, or the zone, it is tried again: who was refused for that would come back as somebody else. */
  async #patiently<T>(session: LiveSession, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (session.closed || !passes(error)) throw error;
        this.#options.log.warn({ session: session.id, error }, 'not taken back yet');
        await sleep(againMs, undefined, { ref: false });
      }
    }
  }
}

/** The database was away, or the zone lost its worker; anything else would be the same the next time. */
function passes(error: unknown): boolean {
  return error instanceof HostError && (error.code.startsWith('store.') || error.code === 'zone.interrupted');
}
