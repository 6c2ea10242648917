import type { Json } from '../contract/content.ts';
import type { Line, ObjectId, ZoneId } from '../contract/link.ts';
import type { Account } from '../contract/ports.ts';
import type { LiveSession } from './session.ts';

/** Lines that `chat.history` can give back, of players and of objects each: who chatters pushes out no player's words. */
const mostHeard = 1_000;
/** What is kept for somebody whose connection was lost. */
const mostMissed = 100;
const missedBytes = 65_536;

/** A message for whoever plays, as a plugin sent it. */
export type Missed = { readonly event: string; readonly data: Json };

/** Who plays: outlives the connection by the grace time. */
export class Player {
  /** `guest:` or `character:` and 16 hex digits. */
  readonly owner: string;
  /** Whose character it is; null for a guest. */
  readonly account: Pick<Account, 'id' | 'credential'> | null;
  /** Monotonic milliseconds since when it is known. */
  readonly bornMs: number;
  name: string | null = null;
  zone: ZoneId | null = null;
  character: ObjectId | null = null;
  /** SHA-256 of the token that takes the character back. */
  tokenHash: string | undefined;
  session: LiveSession | undefined;
  /** A connection of its was lost, not only a poller's silence. */
  lost = false;
  /** Settles when the character is where it goes; null while it is on no way to another zone. */
  moving: PromiseWithResolvers<void> | null = null;
  /** Where it was when the connection broke. */
  address = '';
  /** Monotonic milliseconds of that. */
  lostMs = 0;
  grace: ReturnType<typeof setTimeout> | undefined;
  #heardPlayers: Line[] = [];
  #heardObjects: Line[] = [];
  #missed: Missed[] = [];
  #missedBytes = 0;

  /** @param bornMs  Monotonic milliseconds. */
  constructor(owner: string, bornMs: number, account: Player['account'] = null) {
    this.owner = owner;
    this.bornMs = bornMs;
    this.account = account;
  }

  /** Its character waits for it when it leaves; a guest's is gone. */
  get kept(): boolean {
    return isKept(this.owner);
  }

  /** Its connection is not back; requests over HTTP may come meanwhile. */
  get waits(): boolean {
    return this.session === undefined || (this.lost && !this.session.listens);
  }

  /** Keeps a message for when the connection is back. False when there is no room for more. */
  miss(message: Missed): boolean {
    const bytes = JSON.stringify(message).length;
    if (this.#missed.length >= mostMissed || this.#missedBytes + bytes > missedBytes) return false;
    this.#missed.push(message);
    this.#missedBytes += bytes;
    return true;
  }

  takeMissed(): readonly Missed[] {
    const missed = this.#missed;
    this.#missed = [];
    this.#missedBytes = 0;
    return missed;
  }

  hear(line: Line): void {
    const lines = line.player ? this.#heardPlayers : this.#heardObjects;
    lines.push(line);
    if (lines.length > mostHeard) lines.shift();
  }

  /** Oldest first. */
  heard(since: number | undefined): readonly Line[] {
    const lines = [...this.#heardPlayers, ...this.#heardObjects].sort((a, b) => a.at - b.at);
    return since === undefined ? lines : lines.filter(({ at }) => at >= since);
  }

  /** The character is in a zone again, or gone. */
  settle(): void {
    this.moving?.resolve();
    this.moving = null;
  }

  forgetHeard(): void {
    this.#heardPlayers = [];
    this.#heardObjects = [];
  }
}

/** A character of an account. */
export function isKept(owner: string): boolean {
  return owner.startsWith('character:');
}
