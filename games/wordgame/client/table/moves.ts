/** Moves: each is made once, however often its answer is lost. */
import { CallError } from 'roost/client';
import { makeOnce } from '../parts/kept.ts';
import type { Board, Params, Wire } from '../wire/wire.ts';
import type { Mine } from './table.ts';

/** What a board's method answers: one's own letters, or why nothing was done. */
export type Answer = Mine & { readonly no?: string; readonly text?: string };

/** How often a move is sent again whose answer was lost, and after how long. */
const triesMost = 6;
const againMs = 1_000;

/** Nothing came back: the move may have been made or not. With its `once` it is made once. */
export const lostCodes: ReadonlySet<string> = new Set([
  ...['call.timeout', 'client.lost', 'client.unreachable', 'zone.unavailable', 'zone.interrupted', 'zone.moving'],
  ...['session.unknown-resume', 'zone.none', 'call.forbidden', 'object.not-found', 'store.busy', 'store.failed'],
]);

type Asked = {
  readonly wire: () => Wire;
  readonly board: () => Board | undefined;
  /** When the seat is being taken again: after that. */
  readonly seated: () => Promise<void> | undefined;
};

export class Moves {
  readonly #asked: Asked;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  /** One's seat and letters. @throws CallError */
  async look(): Promise<Mine> {
    return this.#call({ method: 'look' });
  }

  /** A move of the turn that is on. @throws CallError */
  turn(method: 'play' | 'swap', params: Params): Promise<Answer> {
    return this.make(method, { ...params, turn: this.#asked.board()?.state.turn ?? 0 });
  }

  /** @throws CallError */
  async make(method: string, params: Params = {}): Promise<Answer> {
    const once = makeOnce();
    for (let tries = 1; ; tries++) {
      try {
        return await this.#call({ method, params, once });
      } catch (error) {
        if (!(error instanceof CallError) || !lostCodes.has(error.code) || tries >= triesMost) throw error;
        await new Promise((done) => setTimeout(done, againMs));
        await this.#asked.seated();
      }
    }
  }

  async #call(params: Params): Promise<Answer> {
    const id = this.#asked.board()?.id ?? '';
    const { result } = (await this.#asked.wire().call('object.call', { id, ...params })) as { readonly result: Answer };
    return result;
  }
}
