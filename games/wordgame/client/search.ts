/** The ticket of this tab: asking for a match, and following how it stands with it. */
import { CallError } from 'roost/client';
import { type Match, makeOnce, recallMatch, rememberMatch } from './parts/kept.ts';
import type { Params, Status } from './wire/wire.ts';

type Asked = {
  readonly call: (method: string, params: Params) => Promise<unknown>;
  /** Nobody is there yet. */
  readonly waits: (status: Status) => void;
  /** The seat at the table in this zone can be taken, or is taken already. */
  readonly started: (zone: string) => Promise<void> | undefined;
  /** The ticket is at its end, with its code. */
  readonly ended: (why: string) => void;
  /** What could not be asked; it is asked again. */
  readonly trouble: (error: unknown) => void;
  /** Whether the seat is taken: then it is asked less often. */
  readonly isSeated: () => boolean;
};

const everyMs = { waiting: 1_500, seated: 7_500 };

export class Search {
  readonly #asked: Asked;
  #match = recallMatch();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  get match(): Match | null {
    return this.#match;
  }

  /** Asks for a match; who has a ticket goes on with that. @throws CallError */
  async begin(name: string, params: Params): Promise<void> {
    const who: Params = name === '' ? {} : { name };
    const status = (await this.#asked
      .call('match.find', { once: makeOnce(), ...who, ...params })
      .catch((error: unknown) => {
        if (!(error instanceof CallError) || error.code !== 'match.already') throw error;
        return error.details;
      })) as Status;
    this.#match = { ticket: status.ticket, name };
    rememberMatch(this.#match);
    await this.heard(status);
  }

  /** Asks how it stands. */
  async ask(): Promise<void> {
    clearTimeout(this.#timer);
    const ticket = this.#match?.ticket;
    if (ticket === undefined) return;
    try {
      await this.heard((await this.#asked.call('match.status', { ticket })) as Status);
    } catch (error) {
      this.#asked.trouble(error);
      this.later();
    }
  }

  async heard(status: Status): Promise<void> {
    if (this.#match?.ticket !== status.ticket) return;
    switch (status.state) {
      case 'gathering':
      case 'waiting':
        this.#asked.waits(status);
        break;
      case 'found':
        await this.#asked.call('match.accept', { ticket: status.ticket });
        break;
      case 'started':
        await this.#asked.started(status.match?.zone ?? '');
        break;
      case 'cancelled':
      case 'over':
        clearTimeout(this.#timer);
        return this.#asked.ended(status.why ?? '');
    }
    this.later();
  }

  /** Asks again in a while. */
  later(): void {
    clearTimeout(this.#timer);
    const ms = this.#asked.isSeated() ? everyMs.seated : everyMs.waiting;
    if (this.#match !== null) this.#timer = setTimeout(() => void this.ask(), ms);
  }

  /** Nothing is wanted any more. @returns the ticket that there was */
  forget(): string | undefined {
    clearTimeout(this.#timer);
    const ticket = this.#match?.ticket;
    this.#match = null;
    rememberMatch(null);
    return ticket;
  }
}
