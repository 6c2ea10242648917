/** A node with the game `trial` and modes of every sort, and what its tables were told of their seats. */
import type { TestClient } from '../../support/client.ts';
import type { TestNode, TestNodeOptions } from '../../support/node.ts';
import { post } from '../auth/people.ts';
import { startEstate } from '../zone/estate.ts';

export type Status = {
  readonly ticket: string;
  readonly state: string;
  readonly why: string | null;
  readonly party: { readonly code: string; readonly names: readonly string[] } | null;
  readonly accept: { readonly you: boolean; readonly yes: number; readonly of: number } | null;
  readonly match: {
    readonly id: string;
    readonly zone: string;
    readonly seat: number;
    readonly seats: readonly ({
      readonly name: string | null;
      readonly bot: boolean;
      readonly there: boolean;
    } | null)[];
    readonly relay: { readonly match: string; readonly key: string; readonly names: readonly string[] } | null;
  } | null;
};

const game = {
  title: 'Trial',
  start: 'yard',
  character: 'walker',
  zones: {
    yard: { map: 'maps/yard.tmj' },
    table: { width: 8, height: 8, spectators: true },
  },
  modes: {
    duel: { zone: 'table', avoid: 5 },
    asked: { zone: 'table', accept: 60 },
    wren: { zone: 'table', bots: 0 },
    short: { zone: 'table', join: 5 },
    letters: { runs: 'relay' },
    camp: { zone: 'table', hosts: true, seats: [2, 3], patience: 600, avoid: 0 },
    near: { zone: 'table', numbers: { ping: { window: [100, 200], every: 2, adds: true } } },
    region: { zone: 'table', texts: ['region'] },
    brief: { zone: 'table', texts: ['region'], silent: 5 },
    yard: { zone: 'yard', runs: 'zone', seats: [2, 3], patience: 600 },
  },
};

/** Keeps in its state whatever it was told of its seats; it is over when a player has said so. */
const table = `import { defineZone } from 'roost';

export default defineZone({
  state: { seats: {} as Record<string, string>, forged: 0, over: false },
  methods: {
    seat: {
      params: {
        match: 'string', mode: 'string', seats: 'integer', seat: 'integer',
        name: 'string?', character: 'id?', bot: 'boolean', open: 'boolean',
      },
      handle(world, { by, params }) {
        if (by.id !== '') return void (world.state.forged += 1);
        const { seat, name, character, bot, open } = params;
        const who = open ? 'open' : bot ? 'bot' : (name ?? 'nobody') + (character === undefined ? '' : ' is here');
        world.state.seats = { ...world.state.seats, [seat]: who };
        return { over: world.state.over };
      },
    },
    finish: {
      handle(world) {
        world.state.over = true;
      },
    },
  },
});
`;

export function startArcade(options: TestNodeOptions = {}) {
  const files = { 'games/trial/game.json': JSON.stringify(game), 'games/trial/zones/table.ts': table };
  return startEstate({}, options, files);
}

/** Asks over a socket. */
export const find = (client: TestClient, params: object) => client.call<Status>('match.find', params);

/** What the socket was told last of its ticket, as soon as it fits. */
export function told(client: TestClient, fits: (status: Status) => boolean): Promise<Status> {
  return client.until(() => {
    const last = client.messages.findLast(({ event }) => event === 'match')?.data as Status | undefined;
    return last !== undefined && fits(last) ? last : undefined;
  });
}

export const inState = (client: TestClient, state: string) => told(client, (status) => status.state === state);

/** Somebody with nothing but HTTP; `from` is the address of this machine that he comes from. */
export class Poller {
  readonly #node: TestNode;
  /** Sent with every call. */
  headers: Readonly<Record<string, string>>;
  readonly #from: string;
  ticket = '';

  constructor(node: TestNode, headers: Readonly<Record<string, string>> = {}, from = '127.0.0.1') {
    this.#node = node;
    this.headers = headers;
    this.#from = from;
  }

  async call<T = Status>(method: string, params: object = {}): Promise<T> {
    return (await post<T>(this.#node, method, params, this.headers, this.#from)).result;
  }

  async find(params: object): Promise<Status> {
    const status = await this.call('match.find', params);
    this.ticket = status.ticket;
    return status;
  }

  /** Asks until it fits, as a poller does. */
  async until(fits: (status: Status) => boolean): Promise<Status> {
    for (;;) {
      const status = await this.call('match.status', { ticket: this.ticket });
      if (fits(status)) return status;
      await new Promise((done) => setTimeout(done, 300));
    }
  }
}
