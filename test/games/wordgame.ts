/** Players of Twine for tests: by a stock socket.io client, and by plain requests one after the other. */
import { knotOf, without } from '../../games/wordgame/client/rules.ts';
import type { Open } from '../../games/wordgame/scripts/twine/match.ts';
import { commonWith } from '../../games/wordgame/scripts/twine/words.ts';
import { CallError, type TestClient } from '../support/client.ts';
import type { TestNode } from '../support/node.ts';

export type { Open };
export type Status = {
  readonly ticket: string;
  readonly state: string;
  readonly why: string | null;
  readonly party: { readonly code: string } | null;
  readonly match: { readonly zone: string; readonly seat: number } | null;
};
/** What a board's method answers. */
export type Told = {
  readonly seat: number;
  readonly rack: string;
  readonly word?: string;
  readonly score?: number;
  readonly no?: string;
};
export type Entered = { readonly zone: string; readonly character: string; readonly resume: string | null };
type Board = { readonly id: string; readonly state: Open };

/** A common word that can be tied to `last` with these letters. */
export function wordFor({ thread }: Pick<Open, 'thread'>, rack: string): string | undefined {
  const last = thread.at(-1)?.word ?? '';
  for (let knot = last.length - 1; knot > 0; knot--)
    for (let length = 3; length <= 9; length++)
      for (const word of commonWith(last.slice(-knot), length, 5_000)) {
        const fits = knotOf(last, word) === knot && without(rack, word.slice(knot)) !== null;
        if (fits && thread.every((link) => link.word !== word)) return word;
      }
  return undefined;
}

export abstract class Player {
  readonly name: string;
  game = 'wordgame';
  ticket = '';
  #board = '';

  constructor(name: string) {
    this.name = name;
  }

  abstract call<T = unknown>(method: string, params?: object): Promise<T>;
  /** The board, once it is as wanted. */
  abstract board(fits?: (open: Open) => boolean): Promise<Board>;
  /** Takes the seat; also again. */
  abstract enter(): Promise<Entered>;

  async find(mode = 'duel', more: object = {}): Promise<Status> {
    const status = await this.call<Status>('match.find', { game: this.game, mode, name: this.name, ...more });
    this.ticket = status.ticket;
    return status;
  }

  status(): Promise<Status> {
    return this.call('match.status', { ticket: this.ticket });
  }

  /** Calls a method of the board. */
  async act(method: string, params: object = {}, once?: string): Promise<Told> {
    if (this.#board === '') this.#board = (await this.board()).id;
    const more = once === undefined ? {} : { once };
    const call = { id: this.#board, method, params, ...more };
    return (await this.call<{ readonly result: Told }>('object.call', call)).result;
  }

  /** Its seat, once the table knows it. */
  async seated(): Promise<Told> {
    for (;;) {
      const told = await this.act('look');
      if (told.seat !== -1) return told;
      await pause();
    }
  }

  /** Does what it can, as soon as it is its turn. @returns how the table is before that, or at the end */
  async move(): Promise<Open> {
    const { seat } = await this.seated();
    const { state } = await this.board(({ phase, next }) => phase === 'over' || (phase === 'playing' && next === seat));
    if (state.phase === 'over') return state;
    const word = wordFor(state, (await this.act('look')).rack);
    const { turn } = state;
    await (word === undefined ? this.act('swap', { letters: '', turn }) : this.act('play', { word, turn }));
    return state;
  }
}

export class SocketPlayer extends Player {
  client: TestClient;

  constructor(name: string, client: TestClient) {
    super(name);
    this.client = client;
  }

  call<T>(method: string, params: object = {}): Promise<T> {
    return this.client.call<T>(method, params);
  }

  board(fits: (open: Open) => boolean = () => true): Promise<Board> {
    return this.client.until(() => {
      const [board] = this.client.all('board') as unknown as Board[];
      return board && fits(board.state) && board;
    });
  }

  enter(): Promise<Entered> {
    return this.call('match.enter', { ticket: this.ticket, name: this.name });
  }
}

export class HttpPlayer extends Player {
  readonly node: TestNode;
  token: string | null = null;
  /** Every answer so far, as text. */
  readonly heard: string[] = [];

  constructor(name: string, node: TestNode) {
    super(name);
    this.node = node;
  }

  async call<T>(method: string, params: object = {}): Promise<T> {
    const bearer: Record<string, string> = this.token === null ? {} : { authorization: `Bearer ${this.token}` };
    const response = await fetch(`${this.node.url}/rpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const text = await response.text();
    this.heard.push(text);
    const { result, error } = JSON.parse(text) as {
      readonly result: T;
      readonly error?: {
        readonly message: string;
        readonly data: { readonly code: string; readonly details?: unknown };
      };
    };
    if (error) throw new CallError(method, { ...error.data, message: error.message });
    return result;
  }

  async board(fits: (open: Open) => boolean = () => true): Promise<Board> {
    for (;;) {
      await pause();
      const { objects } = await this.call<{ readonly objects: readonly (Board & { readonly kind: string })[] }>(
        'zone.objects',
      );
      const board = objects.find(({ kind }) => kind === 'board');
      if (board && fits(board.state)) return board;
    }
  }

  async enter(): Promise<Entered> {
    const entered = await this.call<Entered>('match.enter', { ticket: this.ticket, name: this.name });
    this.token = entered.resume;
    return entered;
  }
}

/** Between two questions of who polls: five of one method a second are answered. */
function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, 220));
}

/** Asks until the match has started. */
export async function started(player: Player): Promise<Status> {
  for (;;) {
    const status = await player.status();
    if (status.state === 'started') return status;
    if (!['gathering', 'waiting', 'found'].includes(status.state)) throw new Error(`${status.state}: ${status.why}`);
    await pause();
  }
}

/** Two who wait are a match, and sit down at its table. @returns them by seat, with the first match begun */
export async function sitDown(one: Player, two: Player): Promise<readonly [Player, Player]> {
  await one.find();
  await two.find();
  // Who only has requests is there because he asks.
  await Promise.all([started(one), started(two)]);
  for (const player of [one, two]) await player.enter();
  for (const player of [one, two]) await player.board(({ phase }) => phase === 'playing');
  const { seat } = await one.seated();
  return seat === 0 ? [one, two] : [two, one];
}

/** Passes until one of them has a word to lay. @returns it, with who lays it and who waits */
export async function untilWord(players: readonly [Player, Player]) {
  for (;;) {
    const { state } = await players[0].board();
    const [mover, waiter] = [players[state.next as 0 | 1], players[(1 - state.next) as 0 | 1]];
    const { turn } = state;
    const word = wordFor(state, (await mover.act('look')).rack);
    if (word !== undefined) return { mover, waiter, word, turn };
    await mover.act('swap', { letters: '', turn });
    for (const player of players) await player.board((open) => open.turn > turn);
  }
}

/** Both play to the end. */
export async function playOut(players: readonly Player[]): Promise<Open> {
  const ends = await Promise.all(
    players.map(async (player) => {
      for (;;) {
        const state = await player.move();
        if (state.phase === 'over') return state;
      }
    }),
  );
  return ends[0] as Open;
}
