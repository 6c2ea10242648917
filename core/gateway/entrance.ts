/** How a player comes into a zone: what has to hold for it, the place that it takes, and the character that the zone gives it. */
import { HostError } from '../contract/errors.ts';
import type { JoinResult, ObjectId, ZoneId } from '../contract/link.ts';
import { checkName, toSkeleton } from '../contract/names.ts';
import type { Zones } from '../contract/ports.ts';
import type { Entered } from '../contract/protocol.ts';
import type { Audience } from './audience.ts';
import type { Ghosts } from './ghosts.ts';
import type { KeptCharacters } from './kept-characters.ts';
import type { Player } from './player.ts';
import type { PlayerBook } from './player-book.ts';
import type { LiveSession } from './session.ts';

export type EntranceOptions = {
  readonly zones: Zones;
  readonly book: PlayerBook;
  readonly characters: KeptCharacters;
  readonly ghosts: Ghosts;
  readonly audience: Audience;
  /** The session is about to enter a zone. */
  readonly coming: (session: LiveSession) => void;
  readonly entered: (session: LiveSession, zone: ZoneId) => void;
  /** The player is in no zone any more; a kept character is on disk when it resolves. */
  readonly end: (player: Player) => Promise<void> | undefined;
  /** The session sees the zone from now on. */
  readonly show: (session: LiveSession, zone: ZoneId, character: ObjectId) => void;
};

export class Entrance {
  readonly #options: EntranceOptions;
  readonly #book: PlayerBook;

  constructor(options: EntranceOptions) {
    this.#options = options;
    this.#book = options.book;
  }

  /** @param named  Which zone it gets into is the node's to say. @throws HostError zone.*, name.*, session.* */
  async enter(session: LiveSession, named: ZoneId, name: string | undefined): Promise<Entered> {
    const { player } = session;
    if (session.account !== null && !player.kept) throw new HostError('character.none');
    // It is being logged out, and its character leaves.
    if (session.account === null && player.kept) throw new HostError('session.logged-out');
    this.#checkAlone(session);
    const wanted = player.kept || name === undefined || name === '' ? player.name : this.#checkName(name);
    if (wanted !== null) this.#book.names.check(wanted, player);
    const zone = await this.#openFor(session, named);
    this.#options.coming(session);
    await player.moving?.promise;
    // A connection that was lost meanwhile has its grace; another may play by now.
    this.#checkStill(session, player);
    if (player.kept && player.zone !== zone) {
      await this.#options.end(player);
      await this.#options.characters.out(player.owner);
    }
    if (player.zone !== zone) {
      this.#checkStill(session, player);
      if (!this.#options.ghosts.makeRoom(zone)) return await this.enter(session, named, name);
      this.#takePlace(player, zone, wanted);
    }
    const wasThere = player.character !== null;
    player.session = session;
    this.#book.add(player);
    try {
      return (await this.join(session, zone)) ?? (await this.enter(session, named, name));
    } catch (error) {
      const { character, zone: at } = player;
      if (!wasThere && player.kept && character !== null)
        void this.#options.characters.putAway(player.owner, at ?? zone, character);
      if (!wasThere) this.#book.forget(player);
      throw error;
    }
  }

  /** The player is of this zone from now on, and has its name. @throws HostError name.taken */
  #takePlace(player: Player, zone: ZoneId, wanted: string | null): void {
    // Between the check and here other players may have come: the name is looked at again.
    if (wanted !== null) this.#book.names.check(wanted, player);
    void this.#options.end(player);
    player.name = wanted ?? this.#book.names.free();
    this.#book.names.give(player.name, player);
    this.#book.appear(player, zone);
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
      if (player.zone === zone || this.#options.ghosts.makeRoom(zone)) return zone;
      full.add(zone);
    }
  }

  /** @throws HostError session.elsewhere when another session plays what this one is to play */
  #checkAlone(session: LiveSession): void {
    const { player } = session;
    const there = this.#book.find(player.owner) ?? player;
    const isElsewhere = there !== player || (there.session !== undefined && there.session !== session);
    if (isElsewhere) throw new HostError('session.elsewhere');
  }

  /** @throws HostError session.elsewhere as well, zone.interrupted when the session went, or plays somebody else by now */
  #checkStill(session: LiveSession, player: Player): void {
    this.#checkAlone(session);
    if (session.closed || session.player !== player) throw new HostError('zone.interrupted');
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
  async join(session: LiveSession, zone: ZoneId | null): Promise<Entered | null> {
    const { player } = session;
    const { zones } = this.#options;
    if (zone === null) throw new HostError('session.unknown-resume');
    await zones.open(zone);
    await player.moving?.promise;
    if (player.zone !== zone) return null;
    const isNew = player.character === null;
    if (player.kept && isNew) await this.#options.characters.fetch(player, zone);
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
      this.#cameTooLate(player, zone, character, isNew);
      throw new HostError('zone.interrupted');
    }
    player.character = character;
    player.zone = zone;
    if (isNew) player.forgetHeard();
    const token = player.kept ? undefined : this.#book.tokens.rotate(player);
    zones.tell(zone, { type: 'connected', owner, character, connected: true });
    this.#options.audience.enter(zone, session.id);
    session.afterAnswer(() => {
      if (session.player === player && player.zone === zone && !session.closed)
        this.#options.show(session, zone, character);
    });
    if (isNew) this.#options.entered(session, zone);
    // Last: whatever happens to the character meanwhile finds everything in its place.
    if (token !== undefined) await this.#book.tokens.keep(owner, token);
    return { zone, character, name: name ?? '', resume: token ?? null };
  }

  /** The connection went while the zone made its character. One that was there before waits for the rest of its grace. */
  #cameTooLate(player: Player, zone: ZoneId, character: ObjectId, isNew: boolean): void {
    const { zones } = this.#options;
    const { owner } = player;
    if (isNew && player.kept) player.character = character;
    else if (isNew) zones.tell(zone, { type: 'leave', owner, character });
    else zones.tell(zone, { type: 'connected', owner, character, connected: false });
  }
}
