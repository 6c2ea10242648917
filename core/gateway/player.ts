import type { Line, ObjectId, ZoneId } from '../contract/link.ts';
import type { LiveSession } from './session.ts';

/** Lines that `chat.history` can give back. */
const mostHeard = 200;

/** Who plays: outlives the connection by the grace time. */
export class Player {
  /** `guest:` and 16 random hex digits. */
  readonly owner: string;
  name: string | null = null;
  zone: ZoneId | null = null;
  character: ObjectId | null = null;
  /** SHA-256 of the token that takes the character back. */
  tokenHash: string | undefined;
  session: LiveSession | undefined;
  /** Settles when the character is where it goes; null while it is on no way to another zone. */
  moving: PromiseWithResolvers<void> | null = null;
  /** Where it was when the connection broke. */
  address = '';
  /** Monotonic milliseconds of that. */
  lostMs = 0;
  grace: ReturnType<typeof setTimeout> | undefined;
  /** Enters, leaves and resumes run one after the other. */
  queue: Promise<unknown> = Promise.resolve();
  #heard: Line[] = [];

  constructor(owner: string) {
    this.owner = owner;
  }

  hear(line: Line): void {
    this.#heard.push(line);
    if (this.#heard.length > mostHeard) this.#heard.shift();
  }

  /** Oldest first. */
  heard(since: number | undefined): readonly Line[] {
    return since === undefined ? [...this.#heard] : this.#heard.filter(({ at }) => at >= since);
  }

  /** The character is in a zone again, or gone. */
  settle(): void {
    this.moving?.resolve();
    this.moving = null;
  }

  forgetHeard(): void {
    this.#heard = [];
  }
}
