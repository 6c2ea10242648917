/**
 * Who is where: characters, their names, and taking them back after a lost connection. A player's enters, leaves and
 * resumes run one after the other, and none while the character is on its way from zone to zone.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostError } from '../contract/errors.ts';
import type { JoinResult, ObjectId, ZoneId } from '../contract/link.ts';
import { checkName, toSkeleton } from '../contract/names.ts';
import type { Clock, Guests, Log, Moved, Persona, Who, ZoneState, Zones } from '../contract/ports.ts';
import type { Entered } from '../contract/protocol.ts';
import type { Audience } from './audience.ts';
import type { Fanout } from './fanout.ts';
import { NameBook } from './names.ts';
import { isKept, type Missed, Player } from './player.ts';
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

/** Between two tries to take somebody back, or to keep a guest, while the database or the zone is away. */
const againMs = 500;
/** Longest token that is looked up, in characters. */
const tokenMost = 200;
/** A character that is neither here nor there is looked for again, so often and after so long. */
const lookMost = 20;
const lookAgainMs = 100;

export class Presence {
  readonly #options: PresenceOptions;
  /** By hash of the resume token. */
  readonly #tokens = new Map<string, Player>();
  /** Names of players with a character or about to have one. */
  readonly #names = new NameBook<Player>();
  /** Players with a character, and those about to enter, by zone. */
  readonly #present = new Map<ZoneId, Set<Player>>();
  readonly #byOwner = new Map<string, Player>();
  /** Kept characters on their way out of their zones, by owner: nobody brings them in before they are out. */
  readonly #leaving = new Map<string, Promise<void>>();
  /** The last of what an owner began, whoever plays it: of two connections one after the other brings it in. */
  readonly #turns = new Map<string, Promise<void>>();
  readonly #audience: Audience;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#audience = options.audience;
  }

  /** Somebody new, in no zone. */
  createPlayer(): Player {
    return new Player(`guest:${this.#options.random(8).toString('hex')}`, this.#options.clock.monotonicMs());
  }

  /** Somebody who plays a character of an account, in no zone. @throws HostError session.elsewhere when it is played by another */
  createPersona({ owner, name }: Persona, account: Player['account']): Player {
    if (this.#byOwner.has(owner)) throw new HostError('session.elsewhere');
    const player = new Player(owner, this.#options.clock.monotonicMs(), account);
    player.name = name;
    return player;
  }

  /** Who plays the character of an owner now, connected or not. */
  findByOwner(owner: string): Player | undefined {
    return this.#byOwner.get(owner);
  }

  /** Players of an account, connected or not. */
  ofAccount(id: string): readonly Player[] {
    return [...this.#byOwner.values()].filter(({ account }) => account?.id === id);
  }

  /** Whether somebody present has this name, or one that looks the same. */
  isNamed(name: string): boolean {
    return this.#names.has(name);
  }

  /** Owner of who is present under exactly this name. */
  ownerOf(name: string): string | null {
    const player = this.#names.find(name);
    return player?.name === name ? player.owner : null;
  }

  /** Keeps a message for those whose connection was lost. True when there was one. */
  miss(fits: (player: Player) => boolean, message: Missed): boolean {
    let kept = false;
    for (const player of this.#byOwner.values()) if (player.waits && fits(player)) kept = player.miss(message) || kept;
    return kept;
  }

  /** The player that the token belongs to. */
  findByToken(token: string): Player | undefined {
    return token.length > tokenMost ? undefined : this.#tokens.get(hashOf(token));
  }

  /** Whoever held the token in an earlier life of the node: without a character, but the same owner. */
  async recall(session: LiveSession, token: string): Promise<Player | undefined> {
    const { guests } = this.#options;
    const owner =
      token.length > tokenMost ? undefined : await this.#patiently(session, () => guests.take(hashOf(token)));
    return owner === undefined || this.#byOwner.has(owner)
      ? undefined
      : new Player(owner, this.#options.clock.monotonicMs());
  }

  /** @throws HostError zone.*, name.* */
  enter(session: LiveSession, zone: ZoneId, name: string | undefined): Promise<Entered> {
    return this.#inTurn(session.player, () => this.#enter(session, zone, name));
  }

  leave(session: LiveSession): Promise<void> {
    const { player } = session;
    return this.#inTurn(player, async () => {
      await this.#end(player);
    });
  }

  /** Gives a session the character of an earlier connection, which is closed if it is still there. */
  resume(session: LiveSession, player: Player): Promise<Entered> {
    return this.#inTurn(player, async () => {
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
      const entered = await this.#join(session, player.zone);
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
      this.#forget(player);
      return;
    }
    player.address = session.address;
    player.lostMs = this.#options.clock.monotonicMs();
    this.#options.zones.tell(zone, { type: 'connected', owner, character, connected: false });
    player.grace = setTimeout(
      () => void this.#inTurn(player, async () => this.#giveUp(player)),
      this.#options.graceS * 1000,
    );
    player.grace.unref();
    if (!player.kept) this.#limitGhosts(session.address);
  }

  /** Characters present in a zone, by name. */
  who(zone: ZoneId): readonly Who[] {
    const found: Who[] = [];
    for (const { character, name, session, kept } of this.#present.get(zone) ?? []) {
      if (character !== null && name !== null)
        found.push({ id: character, name, connected: session !== undefined, guest: !kept });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** A script sends the character to another zone. */
  moving(owner: string, from: ZoneId): void {
    const player = this.#byOwner.get(owner);
    if (player === undefined) return;
    player.moving ??= Promise.withResolvers();
    const { session } = player;
    if (session === undefined) return;
    this.#options.fanout.detach(session.id);
    session.send('zone', { zone: from, state: 'moving' });
  }

  /** It arrived, or, where `to` is `from`, it stays after all. */
  moved({ owner, character, from, to }: Moved): void {
    const player = this.#byOwner.get(owner);
    if (to === from && !player?.moving) return;
    if (player?.character !== character) {
      // It was given up on the way.
      player?.settle();
      if (isKept(owner)) void this.#putAway(owner, to, character);
      else this.#options.zones.tell(to, { type: 'leave', owner, character });
      return;
    }
    player.settle();
    this.#absent(player);
    this.#appear(player, to);
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
    const players = [...(this.#present.get(zone) ?? [])];
    if (state !== 'running') fanout.pause(zone);
    for (const player of players) {
      const { session } = player;
      if (session === undefined || player.character === null) continue;
      session.send('zone', code === undefined ? { zone, state } : { zone, state, code });
      if (state === 'closed') {
        this.#detach(session, player);
        this.#forget(player);
        session.idleSinceMs = this.#options.clock.monotonicMs();
        this.#options.left(session, zone);
      }
    }
    if (state === 'running') fanout.resume(zone, epoch);
    if (state === 'closed') fanout.forget(zone);
  }

  /** @param named  Which zone it gets into is the node's to say. */
  async #enter(session: LiveSession, named: ZoneId, name: string | undefined): Promise<Entered> {
    const { player } = session;
    if (session.account !== null && !player.kept) throw new HostError('character.none');
    // It is being logged out, and its character leaves.
    if (session.account === null && player.kept) throw new HostError('session.logged-out');
    this.#checkAlone(session);
    const wanted = player.kept || name === undefined || name === '' ? player.name : this.#checkName(name);
    if (wanted !== null) this.#names.check(wanted, player);
    const zone = await this.#openFor(session, named);
    this.#options.coming(session);
    await player.moving?.promise;
    // A connection that was lost meanwhile has its grace; another may play by now.
    this.#checkAlone(session);
    if (session.closed || session.player !== player) throw new HostError('zone.interrupted');
    if (player.kept && player.zone !== zone) {
      await this.#end(player);
      await this.#leaving.get(player.owner);
    }
    if (player.zone !== zone) {
      this.#checkAlone(session);
      if (session.closed || session.player !== player) throw new HostError('zone.interrupted');
      if (!this.#hasRoom(zone)) return await this.#enter(session, named, name);
      // Between the check and here other players may have come: the name is looked at again.
      if (wanted !== null) this.#names.check(wanted, player);
      void this.#end(player);
      player.name = wanted ?? this.#names.free();
      this.#names.give(player.name, player);
      this.#appear(player, zone);
    }
    const wasThere = player.character !== null;
    player.session = session;
    this.#byOwner.set(player.owner, player);
    try {
      return (await this.#join(session, zone)) ?? (await this.#enter(session, named, name));
    } catch (error) {
      const { character, zone: at } = player;
      if (!wasThere && player.kept && character !== null) void this.#putAway(player.owner, at ?? zone, character);
      if (!wasThere) this.#forget(player);
      throw error;
    }
  }

  /** The zone that a session gets into who names one: it runs, and there is room. */
  async #openFor(session: LiveSession, named: ZoneId): Promise<ZoneId> {
    const { zones } = this.#options;
    const { player } = session;
    const who = { as: 'player', account: session.account, player: player.owner } as const;
    const comer = (from: ZoneId | null) => ({ ...who, from });
    const full = new Set<ZoneId>();
    for (;;) {
      const zone = await zones.admit(named, comer(player.zone), full);
      await zones.open(zone);
      // While it started, what lets it in may have been taken away.
      await zones.admit(zone, comer(zone));
      if (player.zone === zone || this.#hasRoom(zone)) return zone;
      full.add(zone);
    }
  }

  /** @throws HostError session.elsewhere when another session plays what this one is to play */
  #checkAlone(session: LiveSession): void {
    const { player } = session;
    const there = this.#byOwner.get(player.owner) ?? player;
    const isElsewhere = there !== player || (there.session !== undefined && there.session !== session);
    if (isElsewhere) throw new HostError('session.elsewhere');
  }

  /** Brings a kept character into the zone, or finds it there. It stays null for one that was never made. */
  async #fetch(player: Player, zone: ZoneId): Promise<void> {
    const { zones } = this.#options;
    const { owner } = player;
    for (let look = 1; look <= lookMost; look++) {
      const found = await zones.locate(owner);
      if (found === undefined) return;
      try {
        if (found.away) await zones.bringBack(owner, found, zone);
        else if (found.zone !== zone) await zones.putAway(found.zone, found.object);
        if (found.away || found.zone === zone) {
          player.character = found.object;
          return;
        }
      } catch (error) {
        // It went elsewhere between the two.
        if (!(error instanceof HostError) || error.code !== 'object.no-character') throw error;
        await sleep(lookAgainMs, undefined, { ref: false });
      }
    }
    throw new HostError('zone.interrupted');
  }

  /** @throws HostError name.illegal, name.taken for one that would pass for a game */
  #checkName(given: string): string {
    const name = checkName(given);
    const skeleton = toSkeleton(name);
    const games = this.#options.zones.games();
    if (games.some((game) => toSkeleton(game.name) === skeleton)) throw new HostError('name.taken');
    return name;
  }

  /**
   * Asks the zone for the character and shows it to the session once the answer is out. Null when the character went
   * elsewhere meanwhile, or is gone for good: then all that was known of it is to be looked at again.
   */
  async #join(session: LiveSession, zone: ZoneId | null): Promise<Entered | null> {
    const { player } = session;
    const { zones } = this.#options;
    if (zone === null) throw new HostError('session.unknown-resume');
    await zones.open(zone);
    await player.moving?.promise;
    if (player.zone !== zone) return null;
    const isNew = player.character === null;
    if (player.kept && isNew) await this.#fetch(player, zone);
    const { character: known, owner, name } = player;
    const { outcome } = await zones.ask(zone, { type: 'join', owner, name: name ?? '', character: known });
    if (!outcome.ok && outcome.code === 'object.no-character') {
      await player.moving?.promise;
      if (player.zone === zone && player.character === known) player.character = null;
      return null;
    }
    if (!outcome.ok) throw new HostError(outcome.code, outcome.message, outcome.details);
    const { character } = outcome.result as unknown as JoinResult;
    if (session.closed) {
      // It went while the zone made its character. One that was there before waits for the rest of its grace.
      if (isNew && player.kept) player.character = character;
      else if (isNew) zones.tell(zone, { type: 'leave', owner, character });
      else zones.tell(zone, { type: 'connected', owner, character, connected: false });
      throw new HostError('zone.interrupted');
    }
    player.character = character;
    player.zone = zone;
    if (isNew) player.forgetHeard();
    const token = player.kept ? undefined : this.#rotate(player);
    zones.tell(zone, { type: 'connected', owner, character, connected: true });
    this.#audience.enter(zone, session.id);
    session.afterAnswer(() => {
      if (session.player === player && player.zone === zone && !session.closed) this.#show(session, zone, character);
    });
    if (isNew) this.#options.entered(session, zone);
    // Last: whatever happens to the character meanwhile finds everything in its place.
    if (token !== undefined) await this.#keep(owner, token);
    return { zone, character, name: name ?? '', resume: token ?? null };
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
    const leaves = player.kept && character !== null ? this.#putAway(owner, zone, character) : undefined;
    if (character !== null && !player.kept) this.#options.zones.tell(zone, { type: 'leave', owner, character });
    if (session !== undefined) {
      this.#detach(session, player);
      session.idleSinceMs = this.#options.clock.monotonicMs();
    }
    this.#forget(player);
    if (session !== undefined && character !== null) this.#options.left(session, zone);
    return leaves;
  }

  #putAway(owner: string, zone: ZoneId, character: ObjectId): Promise<void> {
    const { zones, log } = this.#options;
    const leaves = zones
      .putAway(zone, character)
      // It stays where it is, and is found there by whoever plays it next.
      .catch((error: unknown) => log.warn({ zone, character, error }, 'character not put away'))
      .finally(() => {
        if (this.#leaving.get(owner) === leaves) this.#leaving.delete(owner);
      });
    this.#leaving.set(owner, leaves);
    return leaves;
  }

  async #giveUp(player: Player): Promise<void> {
    if (player.session === undefined) await this.#end(player);
  }

  #forget(player: Player): void {
    clearTimeout(player.grace);
    player.settle();
    this.#absent(player);
    if (player.name !== null) this.#names.take(player.name, player);
    if (player.tokenHash !== undefined) this.#tokens.delete(player.tokenHash);
    player.tokenHash = undefined;
    player.zone = null;
    player.character = null;
    if (this.#byOwner.get(player.owner) === player) this.#byOwner.delete(player.owner);
  }

  #appear(player: Player, zone: ZoneId): void {
    const present = this.#present.get(zone) ?? new Set();
    this.#present.set(zone, present);
    present.add(player);
    player.zone = zone;
  }

  #absent(player: Player): void {
    if (player.zone === null) return;
    const present = this.#present.get(player.zone);
    present?.delete(player);
    if (present?.size === 0) this.#present.delete(player.zone);
  }

  #rotate(player: Player): string {
    if (player.tokenHash !== undefined) this.#tokens.delete(player.tokenHash);
    const token = this.#options.random(24).toString('base64url');
    player.tokenHash = hashOf(token);
    this.#tokens.set(player.tokenHash, player);
    return token;
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

  /** When the database is away it is kept as soon as that is back, as long as it is the newest. */
  async #keep(owner: string, token: string): Promise<void> {
    const { guests, log } = this.#options;
    const hash = hashOf(token);
    try {
      await guests.keep(owner, hash);
    } catch (error) {
      log.warn({ owner, error }, 'guest not remembered');
      setTimeout(() => {
        if (this.#tokens.has(hash)) void this.#keep(owner, token);
      }, againMs).unref();
    }
  }

  /** Whether one more may come. Where a zone is full, whoever is gone longest gives way to who is there. */
  #hasRoom(zone: ZoneId): boolean {
    const present = this.#present.get(zone);
    if (present === undefined || present.size < this.#options.capacity(zone)) return true;
    return this.#endLongest(
      [...present].filter(({ session, character, moving }) => session === undefined && character !== null && !moving),
    );
  }

  /** One address cannot fill a zone with characters whose players are gone: the oldest goes first. */
  #limitGhosts(address: string): void {
    const ghosts = [...this.#byOwner.values()].filter(
      (one) => one.session === undefined && one.address === address && !one.kept,
    );
    if (ghosts.length > this.#options.ghostsPerAddress) this.#endLongest(ghosts);
  }

  /** The one whose connection was lost first. False when there is none. */
  #endLongest(ghosts: readonly Player[]): boolean {
    const [longest] = ghosts.toSorted((a, b) => a.lostMs - b.lostMs);
    if (longest !== undefined) void this.#end(longest);
    return longest !== undefined;
  }

  /** Runs the work after everything its owner began before. */
  #inTurn<T>(player: Player, work: () => Promise<T>): Promise<T> {
    const { owner } = player;
    const turn = (this.#turns.get(owner) ?? Promise.resolve()).then(() => player.moving?.promise).then(work);
    const last = turn.then(
      () => {},
      // The caller of `work` is told; here it only must not hold up what comes next.
      (error: unknown) => this.#options.log.debug({ owner, error: String(error) }, 'enter or leave refused'),
    );
    this.#turns.set(owner, last);
    void last.then(() => {
      if (this.#turns.get(owner) === last) this.#turns.delete(owner);
    });
    return turn;
  }
}

/** The database was away, or the zone lost its worker; anything else would be the same the next time. */
function passes(error: unknown): boolean {
  return error instanceof HostError && (error.code.startsWith('store.') || error.code === 'zone.interrupted');
}

/** What is kept of a token: whoever reads the memory or a log cannot resume with it. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
