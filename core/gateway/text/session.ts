/** What a connection of the text port is to the node: nobody until it has a mode, from then on a session like any other. */
import type { Json, JsonObject } from '../../contract/content.ts';
import type { Answer } from '../../contract/protocol.ts';
import type { Allowance } from '../allowances.ts';
import type { Peer } from '../peers.ts';
import { type Door, type LiveSession, refusal } from '../session.ts';
import type { TextOptions } from './options.ts';

export type TextSessionOptions = {
  readonly gateway: TextOptions;
  readonly peer: Peer;
  readonly allowance: Allowance;
  /** Something came for it without being asked for. */
  readonly hear: (event: string, data: Json) => void;
  /** Bytes that the other side has not taken yet. */
  readonly waitingBytes: () => number;
  /** It was ended, and was told why. */
  readonly ended: (code: string) => void;
};

export class TextSession {
  readonly #options: TextSessionOptions;
  #live: LiveSession | undefined;

  constructor(options: TextSessionOptions) {
    this.#options = options;
  }

  /** Undefined while it is nobody. */
  get live(): LiveSession | undefined {
    return this.#live;
  }

  /** Whether it may speak as a game server: a bot, or who administers. */
  get isServer(): boolean {
    return this.#live?.has('bot') === true || this.#live?.has('admin') === true;
  }

  /** Is somebody from now on, and whose token that is. Resolves when this is known. */
  async claim(token: string | undefined): Promise<void> {
    const { gateway, peer, allowance } = this.#options;
    if (this.#live === undefined) this.#live = gateway.open({ door: this.#door(), peer, allowance, token });
    else if (token !== undefined) gateway.present(this.#live, token);
    await this.#live.resuming;
  }

  /** Never rejects. */
  async call(method: string, params: JsonObject): Promise<Answer> {
    const live = this.#live;
    if (live === undefined || live.closed) return refusal('session.closing');
    if (method === 'input') {
      const wrong = live.input(params);
      return wrong === undefined ? { ok: true, result: null } : refusal(wrong);
    }
    let answered = refusal('call.failed');
    await live.call(method, params, (answer) => {
      answered = answer;
    });
    return answered;
  }

  /** Takes its character out of the game: nobody waits for its return. */
  async leave(): Promise<void> {
    if (this.#live !== undefined) await this.#options.gateway.leave(this.#live);
  }

  /** There is no connection any more. Twice is harmless. */
  close(reason: string): void {
    if (this.#live === undefined || this.#live.closed) return;
    const { gateway, peer } = this.#options;
    gateway.log.info({ session: this.#live.id, address: peer.address, reason }, 'session closed');
    gateway.closed(this.#live, reason);
  }

  /** How the node reaches whoever sits there. */
  #door(): Door {
    const { hear, waitingBytes, ended } = this.#options;
    return {
      via: 'text',
      form: 'plain',
      send: hear,
      write: undefined,
      waitingBytes,
      close: ended,
      events: (list) => this.#hearList(list),
    };
  }

  /** What happened round its character. Where is told in metres: there is no snapshot that says what a unit is. */
  #hearList(list: string): void {
    const { gateway, hear } = this.#options;
    const metre = gateway.metre(this.#live?.zone ?? '');
    for (const { ev, ...data } of JSON.parse(list) as readonly ({ readonly ev: string } & JsonObject)[]) {
      const { x, y } = data;
      const isPlaced = ev === 'say' && typeof x === 'number' && typeof y === 'number';
      hear(ev, isPlaced ? { ...data, x: x / metre, y: y / metre } : data);
    }
  }
}
