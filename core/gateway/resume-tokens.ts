/** Tokens with which a guest takes its character back after a lost connection. */
import { createHash } from 'node:crypto';
import type { Guests, Log } from '../contract/ports.ts';
import type { Player } from './player.ts';

export type ResumeTokensOptions = {
  /** Who held which token, for the next life of the node. */
  readonly guests: Guests;
  readonly log: Log;
  /** Random bytes, as `crypto.randomBytes` gives them. */
  readonly random: (bytes: number) => Buffer;
};

/** Characters of a guest's token; that of a login is longer. */
export const resumeLength = 32;
/** Longest token that is looked up, in characters. */
const tokenMost = 200;
/** Between two tries to keep a guest while the database is away. */
const againMs = 500;

export class ResumeTokens {
  readonly #options: ResumeTokensOptions;
  /** By hash of the token. */
  readonly #players = new Map<string, Player>();

  constructor(options: ResumeTokensOptions) {
    this.#options = options;
  }

  /** The player that the token belongs to. */
  find(token: string): Player | undefined {
    return token.length > tokenMost ? undefined : this.#players.get(hashOf(token));
  }

  /** Owner who held the token in an earlier life of the node. It holds only once. */
  async recall(token: string): Promise<string | undefined> {
    return token.length > tokenMost ? undefined : await this.#options.guests.take(hashOf(token));
  }

  /** A new token for the player; the one before is worth nothing. */
  rotate(player: Player): string {
    this.forget(player);
    const token = this.#options.random(24).toString('base64url');
    player.tokenHash = hashOf(token);
    this.#players.set(player.tokenHash, player);
    return token;
  }

  forget(player: Player): void {
    if (player.tokenHash !== undefined) this.#players.delete(player.tokenHash);
    player.tokenHash = undefined;
  }

  /** Remembers the owner for the next life; when the database is away, as soon as that is back, while the token is the newest. */
  async keep(owner: string, token: string): Promise<void> {
    const { guests, log } = this.#options;
    const hash = hashOf(token);
    try {
      await guests.keep(owner, hash);
    } catch (error) {
      log.warn({ owner, error }, 'guest not remembered');
      setTimeout(() => {
        if (this.#players.has(hash)) void this.keep(owner, token);
      }, againMs).unref();
    }
  }
}

/** What is kept of a token: whoever reads the memory or a log cannot resume with it. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
