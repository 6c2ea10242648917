/** Everybody who plays: by owner, by name, by token, and by the zone they are in or about to enter. */
import type { ZoneId } from '../contract/link.ts';
import type { Who } from '../contract/ports.ts';
import { NameBook } from './names.ts';
import type { Player } from './player.ts';
import { ResumeTokens, type ResumeTokensOptions } from './resume-tokens.ts';

const nobody: ReadonlySet<Player> = new Set();

export class PlayerBook {
  /** Names of players with a character or about to have one. */
  readonly names = new NameBook<Player>();
  readonly tokens: ResumeTokens;
  readonly #byOwner = new Map<string, Player>();
  readonly #byZone = new Map<ZoneId, Set<Player>>();

  constructor(options: ResumeTokensOptions) {
    this.tokens = new ResumeTokens(options);
  }

  all(): Iterable<Player> {
    return this.#byOwner.values();
  }

  /** Who plays the character of an owner now, connected or not. */
  find(owner: string): Player | undefined {
    return this.#byOwner.get(owner);
  }

  in(zone: ZoneId): ReadonlySet<Player> {
    return this.#byZone.get(zone) ?? nobody;
  }

  /** Characters present in a zone, by name. */
  who(zone: ZoneId): readonly Who[] {
    const found: Who[] = [];
    for (const { character, name, session, kept } of this.in(zone)) {
      if (character !== null && name !== null)
        found.push({ id: character, name, connected: session !== undefined, guest: !kept });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** It plays its owner's character, or is about to. */
  add(player: Player): void {
    this.#byOwner.set(player.owner, player);
  }

  /** It is in that zone from now on, or about to enter it. */
  appear(player: Player, zone: ZoneId): void {
    this.#absent(player);
    const present = this.#byZone.get(zone) ?? new Set();
    this.#byZone.set(zone, present);
    present.add(player);
    player.zone = zone;
  }

  #absent(player: Player): void {
    if (player.zone === null) return;
    const present = this.#byZone.get(player.zone);
    present?.delete(player);
    if (present?.size === 0) this.#byZone.delete(player.zone);
  }

  /** It plays nobody any more. */
  forget(player: Player): void {
    clearTimeout(player.grace);
    player.settle();
    this.#absent(player);
    if (player.name !== null) this.names.take(player.name, player);
    this.tokens.forget(player);
    player.zone = null;
    player.character = null;
    if (this.#byOwner.get(player.owner) === player) this.#byOwner.delete(player.owner);
  }
}
