/**
 * Players of the turn relay, over plain HTTP, as `roost load` has them. The relay keeps nothing on disk: a match ends with its node, and
 * is told so; what was sent in one that goes on arrives once, in order and unchanged.
 */
import { Book } from '../../core/load/book.ts';
import type { Run } from '../../core/load/definition.ts';
import { LoadPlayer } from '../../core/load/player.ts';
import { Random } from '../../core/load/random.ts';
import { RequestError } from '../../core/load/request-error.ts';
import { TurnMatches } from '../../core/load/scenarios/turn-match.ts';
import { TurnPlayer } from '../../core/load/scenarios/turn-player.ts';
import type { Ledger } from './ledger.ts';
import { sleep } from './wait.ts';

/** Not now, or that match is over. Any other error is a fault of the server. */
const passing = /^(net\.|http\.(timeout|50\d)|turn\.(5|7\/1|9\/2|11|12|13|15)$)/;
const everyMs = 200;

export class Turns {
  readonly #ledger: Ledger;
  readonly #book = new Book(() => performance.now());
  readonly #givenUp = new AbortController();
  readonly #players: readonly LoadPlayer[];
  readonly #turns: readonly TurnPlayer[];
  readonly #work: Promise<void>[] = [];
  #stopping = false;

  /** @param count  Players, who meet in pairs. */
  constructor(ledger: Ledger, url: string, seed: number, count: number) {
    this.#ledger = ledger;
    const book = this.#book;
    const run: Run = {
      ...{ url, players: count, rate: 1_000 / everyMs, random: new Random(seed) },
      options: { letters: 500, text: 'any', repeat: 0.1, 'server-time': 0 },
      fail: (why) => {
        throw new Error(why);
      },
      look: async () => undefined,
      thread: () => book.thread(),
    };
    const { signal } = this.#givenUp;
    const names = new Random(seed + 1);
    this.#players = Array.from(
      { length: count },
      (_, number) => new LoadPlayer({ number, run, book, random: new Random(seed + 2 + number), names, signal }),
    );
    const matches = new TurnMatches();
    this.#turns = this.#players.map((player) => new TurnPlayer(player, '/turn', matches));
  }

  start(): void {
    for (const turn of this.#turns) this.#work.push(this.#play(turn));
  }

  /** Texts that have arrived. */
  get received(): number {
    return this.#book.texts.received;
  }

  /** Lets what is under way arrive, and holds the books against each other. */
  async finish(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#work);
    await Promise.all(this.#turns.map((turn) => this.#try(() => turn.end())));
    this.close();
    this.#book.close();
    const { lost, repeated, reordered, changed } = this.#book.texts;
    if (lost + changed > 0) this.#ledger.wrong('loss', `${lost} texts of the relay lost, ${changed} changed`);
    if (repeated + reordered > 0)
      this.#ledger.wrong('duplicate', `${repeated} texts of the relay came again, ${reordered} out of order`);
    for (const [code, { count, message }] of this.#book.failures) {
      this.#ledger.refusals.set(code, (this.#ledger.refusals.get(code) ?? 0) + count);
      if (!passing.test(code)) this.#ledger.wrong('other', `the relay answered ${code} ${count} times: ${message}`);
    }
  }

  close(): void {
    this.#stopping = true;
    this.#givenUp.abort();
    for (const player of this.#players) player.close();
  }

  async #play(turn: TurnPlayer): Promise<void> {
    while (!this.#stopping) {
      await this.#try(() => turn.step());
      await sleep(everyMs);
    }
  }

  /** What was refused is in the book. */
  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
    }
  }
}
