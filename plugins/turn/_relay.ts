/**
 * The rule book of the relay: who waits, who is paired with whom, which matches go on. Every door asks it the same way.
 *
 * registered (waiting) → paired → loading → ready → playing. A step may be asked for again at any time and is answered as
 * before; one that is not due yet is answered with where the player stands.
 */
import { Former, type FormerRow } from './_former.ts';
import { Matches, type Update } from './_matches.ts';
import {
  avoidEachOther,
  type From,
  type Match,
  type Note,
  type Outcome,
  type Parts,
  type Player,
  patientS,
  refused,
  type Started,
} from './_rules.ts';
import type { Sitter } from './_seats.ts';

export type Registration = {
  readonly name: string;
  /** Null: anybody. */
  readonly wants: string | null;
  /** Has more time between two words. */
  readonly patient: boolean;
  /** A secret of the client's own: with the same one, a registration is the same. Null: each is a new one. */
  readonly once: string | null;
};

/** What is kept from one build of the plugin to the next: plain JSON. */
export type Kept = {
  readonly form: typeof keptForm;
  readonly players: readonly Player[];
  readonly matches: readonly Match[];
  readonly former: readonly FormerRow[];
};

/** Changes with the shape of what is kept. */
export const keptForm = 2;

/** Between two looks at who was silent for too long. */
const sweepS = 0.25;

export class Relay {
  readonly #parts: Parts;
  /** By key, in the order in which they came. */
  readonly #players = new Map<string, Player>();
  readonly #matches: Matches;
  readonly #former = new Former();
  #sweptS = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#matches = new Matches(parts, (keys) => this.#forget(keys));
  }

  register(registration: Registration, from: From, nowS: number): Outcome {
    this.sweep(nowS);
    const same = registration.once === null ? undefined : this.players().find(({ once }) => once === registration.once);
    if (same) return { kind: 'registered', key: same.key, silentS: same.silentS };
    const { waiting, waitingPerAddress, matchesPerAddress, silentS } = this.#parts.limits();
    const waits = [...this.#players.values()].filter(({ state }) => state !== 'playing');
    if (waits.length >= waiting) return refused('full');
    const address = from.free ? null : from.address;
    if (address !== null) {
      if (waits.filter((player) => player.address === address).length >= waitingPerAddress)
        return refused('address-full');
      if (this.#matches.ofAddress(address) >= matchesPerAddress) return refused('address-matches-full');
    }
    const key = this.#parts.newKey();
    const { name, wants, patient, once } = registration;
    const time = { silentS: patient ? patientS : silentS, heardS: nowS };
    const alone = { state: 'waiting' as const, role: null, partner: null, partnerName: '', avoided: [], seatKey: null };
    this.#players.set(key, { key, name, once, wants, address, ...time, watcher: from.watcher, ...alone });
    return { kind: 'registered', key, silentS: time.silentS };
  }

  unregister(key: string, nowS: number): Outcome {
    this.sweep(nowS);
    const player = this.#players.get(key);
    if (!player)
      return this.#former.whyOf(key) === 'unregistered' ? { kind: 'unregistered' } : refused('not-registered');
    if (player.seatKey !== null) this.#matches.quit(player.seatKey, undefined, undefined, nowS);
    this.#remove(player);
    this.#former.add(key, 'unregistered', nowS);
    return { kind: 'unregistered' };
  }

  /** Asks for a partner, or who he is. */
  pair(key: string, from: From, nowS: number): Outcome {
    return this.#step(key, from, nowS, (player) => {
      if (player.state !== 'waiting') return this.#standing(player);
      const partner = this.#findPartner(player);
      if (!partner) return { kind: 'waiting' };
      this.#join(player, partner);
      return this.#standing(player);
    });
  }

  /** Says that the player begins to load. */
  load(key: string, from: From, nowS: number): Outcome {
    return this.#step(key, from, nowS, (player) => {
      if (player.state === 'waiting') return { kind: 'waiting' };
      if (player.state === 'paired') {
        player.state = 'loading';
        this.#tellPartner(player, { what: 'partner', state: 'loading' });
      }
      return { kind: 'loading', role: player.role ?? 'client' };
    });
  }

  /** Says that the player has loaded: the match starts when both have. */
  ready(key: string, from: From, nowS: number): Outcome {
    return this.#step(key, from, nowS, (player) => {
      switch (player.state) {
        case 'playing':
          return this.#startOf(player);
        case 'loading':
        case 'ready':
          return this.#begin(player, nowS);
        default:
          return this.#standing(player);
      }
    });
  }

  /**
   * Opens a match whose players need no pairing.
   * @param silentS  Time without a completed exchange after which it is dropped; as of any match when it is undefined.
   */
  open(sitters: readonly Sitter[], silentS: number | undefined, nowS: number): readonly Started[] | null {
    this.sweep(nowS);
    if (this.#matches.going >= this.#parts.limits().matches) return null;
    return this.#matches.open(sitters, nowS, silentS);
  }

  /** Ends a match for everybody in it; false when there is none. */
  close(id: string): boolean {
    return this.#matches.close(id);
  }

  /** A request of a seat: brings its text, gives what has arrived. */
  update(key: string, update: Update, from: From, nowS: number): Outcome {
    this.sweep(nowS);
    return this.#matches.update(key, update, from, nowS);
  }

  /** @param seat  As in an update. */
  quit(key: string, seat: number | undefined, text: string | undefined, nowS: number): Outcome {
    this.sweep(nowS);
    return this.#matches.quit(key, seat, text, nowS);
  }

  /** The player, or the one in the seat, is there and has nothing to say. */
  keep(key: string, from: From, nowS: number): Outcome {
    this.sweep(nowS);
    if (this.#matches.keep(key, from, nowS)) return { kind: 'kept' };
    const player = this.#players.get(key);
    if (!player) return refused('not-registered');
    player.heardS = nowS;
    if (from.watcher) player.watcher = from.watcher;
    return { kind: 'kept' };
  }

  /** Drops who was silent for too long. */
  sweep(nowS: number): void {
    if (nowS - this.#sweptS < sweepS && nowS >= this.#sweptS) return;
    this.#sweptS = nowS;
    for (const player of [...this.#players.values()]) {
      if (player.state === 'playing' || nowS - player.heardS <= player.silentS) continue;
      this.#remove(player);
      if (player.watcher) this.#parts.tell(player.watcher, { what: 'dropped' });
    }
    this.#matches.sweep(nowS);
    this.#former.sweep(nowS);
  }

  players(): readonly Player[] {
    return [...this.#players.values()];
  }

  matches(): readonly Match[] {
    return this.#matches.list();
  }

  /** Whether the match goes on, or was quit and is kept for the last one in it. */
  has(match: string): boolean {
    return this.#matches.has(match);
  }

  /** All of it, for the next build. This one must not be asked any more. */
  save(): Kept {
    return { form: keptForm, players: this.players(), matches: this.matches(), former: this.#former.save() };
  }

  /** Goes on where another has ended; what this one had is from a former life. */
  restore({ players, matches, former }: Kept): void {
    this.#players.clear();
    this.#matches.clear();
    for (const player of players) this.#players.set(player.key, player);
    for (const match of matches) this.#matches.add(match);
    this.#former.restore(former);
  }

  #step(key: string, from: From, nowS: number, work: (player: Player) => Outcome): Outcome {
    this.sweep(nowS);
    const player = this.#players.get(key);
    if (!player) return refused(this.#former.whyOf(key) === 'named-gone' ? 'named-gone' : 'not-registered');
    player.heardS = nowS;
    if (from.watcher) player.watcher = from.watcher;
    return player.state === 'left' ? this.#tellLeft(player, nowS) : work(player);
  }

  /** His partner is gone: by chance he waits for the next, named there is none. */
  #tellLeft(player: Player, nowS: number): Outcome {
    if (player.wants === null) {
      Object.assign(player, { state: 'waiting', role: null, partner: null, partnerName: '' });
      return refused('partner-gone');
    }
    this.#players.delete(player.key);
    this.#former.add(player.key, 'named-gone', nowS);
    return refused('named-gone');
  }

  #standing(player: Player): Outcome {
    const { role, partnerName } = player;
    return role === null ? { kind: 'waiting' } : { kind: 'paired', partner: partnerName, role };
  }

  /** The first who came of those that suit. Two suit who want anybody and never met, or who name each other. */
  #findPartner(player: Player): Player | undefined {
    for (const other of this.#players.values()) {
      if (other === player || other.state !== 'waiting') continue;
      if (player.wants === null && other.wants === null) {
        if (!player.avoided.includes(other.name) && !other.avoided.includes(player.name)) return other;
      } else if (player.wants === other.name && other.wants === player.name) return other;
    }
    return undefined;
  }

  #join(player: Player, partner: Player): void {
    avoidEachOther(player, partner);
    Object.assign(player, { state: 'paired', role: 'server', partner: partner.key, partnerName: partner.name });
    Object.assign(partner, { state: 'paired', role: 'client', partner: player.key, partnerName: player.name });
    this.#tellPartner(player, { what: 'paired', partner: player.name, role: 'client' });
  }

  #begin(player: Player, nowS: number): Outcome {
    const partner = this.#players.get(player.partner ?? '') as Player;
    if (partner.state !== 'ready') {
      if (player.state !== 'ready') this.#tellPartner(player, { what: 'partner', state: 'ready' });
      player.state = 'ready';
      return { kind: 'partner-loading' };
    }
    const { matches, matchesPerAddress } = this.#parts.limits();
    if (this.#matches.going >= matches) return refused('matches-full');
    const isFull = ({ address }: Player) => address !== null && this.#matches.ofAddress(address) >= matchesPerAddress;
    if (isFull(player)) return refused('address-matches-full');
    if (isFull(partner)) {
      this.#remove(partner);
      return this.#tellLeft(player, nowS);
    }
    const [own, theirs] = this.#matches.open([player, partner], nowS) as [Started, Started];
    Object.assign(player, { state: 'playing', seatKey: own.key });
    Object.assign(partner, { state: 'playing', seatKey: theirs.key });
    const { kind: _kind, ...told } = theirs;
    this.#tellPartner(player, { what: 'started', ...told });
    return own;
  }

  #startOf({ seatKey }: Player): Outcome {
    return this.#matches.startOf(seatKey ?? '') ?? refused('not-registered');
  }

  #tellPartner({ partner }: Player, note: Note): void {
    const watcher = this.#players.get(partner ?? '')?.watcher;
    if (watcher) this.#parts.tell(watcher, note);
  }

  /** Out of the registry; whom it was paired with hears of it when he asks next. */
  #remove(player: Player): void {
    this.#players.delete(player.key);
    const partner = this.#players.get(player.partner ?? '');
    if (player.state === 'playing' || partner?.partner !== player.key) return;
    partner.state = 'left';
    if (partner.watcher) this.#parts.tell(partner.watcher, { what: 'partner-gone', waiting: partner.wants === null });
  }

  /** Their match is gone. */
  #forget(seatKeys: ReadonlySet<string>): void {
    for (const { key, seatKey } of this.players()) if (seatKeys.has(seatKey ?? '')) this.#players.delete(key);
  }
}
