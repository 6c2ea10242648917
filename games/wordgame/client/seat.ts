/** One's place at a table: taking it, also again after everything was lost, and what lies on that table. */
import { CallError } from 'roost/client';
import type { Match } from './parts/kept.ts';
import type { Mine } from './table/table.ts';
import type { Board, Entered, Open, Wire } from './wire/wire.ts';

type Asked = {
  readonly wire: () => Wire;
  /** The match that one has a ticket for. */
  readonly match: () => Match | null;
  /** Says whom one plays, before one comes in. */
  readonly choose: () => Promise<void>;
  readonly look: () => Promise<Mine>;
  /** The seat is taken. */
  readonly taken: () => void;
  /** There is no seat, or none yet. */
  readonly refused: (code: string) => Promise<void>;
  /** Somebody else has it now, with the same ticket. */
  readonly lost: () => void;
  readonly trouble: (error: unknown) => void;
  readonly clear: () => void;
  readonly show: (open: Open) => void;
  readonly take: (mine: Mine) => void;
};

const againMs = 1_000;
/** How often one looks in vain for one's seat: the node has still to tell the table who has come. */
const looksMost = 4;
/** There is no such table, or it is not for us: nothing gets better by asking again. */
const isRefusal = (code: string) => code.startsWith('match.') || code === 'zone.forbidden' || code === 'zone.unknown';

export class Seat {
  readonly #asked: Asked;
  /** Zone of the table; it may be one that is only watched. */
  zone = '';
  #board: Board | undefined;
  #coming: Promise<void> | undefined;
  /** What one's letters were asked for last. */
  #looked = '';
  #vain = 0;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  get board(): Board | undefined {
    return this.#board;
  }

  /** While the seat is being taken. */
  get coming(): Promise<void> | undefined {
    return this.#coming;
  }

  /** Takes the seat, also again after everything was lost. */
  come(): Promise<void> {
    this.#coming ??= this.#enter().finally(() => {
      this.#coming = undefined;
    });
    return this.#coming;
  }

  see(board: Board): void {
    if (board.id !== this.#board?.id) this.#asked.clear();
    this.#board = board;
    const { match, turn, phase, seats } = board.state;
    this.#asked.show(board.state);
    // One's own letters change with the turns; they are told to who asks.
    const key = `${board.id} ${match} ${turn} ${phase}`;
    if (this.#asked.match() === null || this.#looked === key || !seats.some((seat) => seat !== null)) return;
    this.#looked = key;
    this.#look().catch((error: unknown) => {
      this.#looked = '';
      this.#asked.trouble(error);
    });
  }

  forget(): void {
    this.#board = undefined;
    this.#looked = '';
  }

  async #enter(): Promise<void> {
    const match = this.#asked.match();
    if (match === null) return this.#asked.refused('');
    try {
      await this.#asked.choose();
      const { zone } = await this.#sit(match);
      this.zone = zone;
      this.#vain = 0;
      this.#asked.taken();
      this.#lookAgain();
    } catch (error) {
      const code = error instanceof CallError ? error.code : '';
      if (isRefusal(code)) return this.#asked.refused(code);
      this.#asked.trouble(error);
      setTimeout(() => void this.come(), againMs);
    }
  }

  /** A former connection may still hold the name for a while: any name is good enough for the one who has the ticket. */
  #sit({ ticket, name }: Match): Promise<Entered> {
    const wire = this.#asked.wire();
    return wire.enter(ticket, name).catch((error: unknown) => {
      if (!(error instanceof CallError) || error.code !== 'name.taken') throw error;
      return wire.enter(ticket, `${name.slice(0, 13)}${100 + Math.floor(Math.random() * 900)}`);
    });
  }

  async #look(): Promise<void> {
    const mine = await this.#asked.look();
    this.#asked.take(mine);
    if (mine.seat !== -1 || this.#asked.match() === null) this.#vain = 0;
    else if (++this.#vain > looksMost) this.#asked.lost();
    else setTimeout(() => this.#lookAgain(), againMs);
  }

  #lookAgain(): void {
    this.#looked = '';
    if (this.#board !== undefined) this.see(this.#board);
  }
}
