/** Characters whose players are gone: they give way to those who are there. */
import type { ZoneId } from '../contract/link.ts';
import type { Player } from './player.ts';
import type { PlayerBook } from './player-book.ts';

export type GhostsOptions = {
  readonly book: PlayerBook;
  /** Characters without a connection that one address may leave behind. */
  readonly ghostsPerAddress: number;
  /** Most players of a zone. */
  readonly capacity: (zone: ZoneId) => number;
  /** Its character leaves. */
  readonly end: (player: Player) => void;
};

export class Ghosts {
  readonly #options: GhostsOptions;

  constructor(options: GhostsOptions) {
    this.#options = options;
  }

  /** Whether one more may come. Where a zone is full, whoever is gone longest gives way to who is there. */
  makeRoom(zone: ZoneId): boolean {
    const present = this.#options.book.in(zone);
    if (present.size === 0 || present.size < this.#options.capacity(zone)) return true;
    return this.#endLongest(
      [...present].filter(({ session, character, moving }) => session === undefined && character !== null && !moving),
    );
  }

  /** One address cannot fill a zone with characters whose players are gone: the oldest goes first. */
  limit(address: string): void {
    const { book, ghostsPerAddress } = this.#options;
    const ghosts = [...book.all()].filter((one) => one.session === undefined && one.address === address && !one.kept);
    if (ghosts.length > ghostsPerAddress) this.#endLongest(ghosts);
  }

  /** The one whose connection was lost first. False when there is none. */
  #endLongest(ghosts: readonly Player[]): boolean {
    const [longest] = ghosts.toSorted((a, b) => a.lostMs - b.lostMs);
    if (longest !== undefined) this.#options.end(longest);
    return longest !== undefined;
  }
}
