/** A shell's way to a node over socket.io, which comes back by itself when the connection breaks. */
import { CallError, type Client, connect } from '../client/client.ts';
import type { Json, JsonObject } from '../contract/content.ts';
import type { Answer } from '../contract/protocol.ts';
import type { Plan, ShellDoor } from '../shell/door.ts';

/** Pictures of the world: `look` and `map` ask for what there is. */
const pictures = new Set(['snapshot', 'delta']);
/** After these nobody is logged in. */
const leaving: ReadonlySet<string> = new Set(['auth.logout', 'auth.delete', 'auth.deactivate']);
/** What happened in a tick, one event each. */
const happenings = ['say', 'tell', 'ask', 'emit'] as const;

export class SocketDoor implements ShellDoor {
  readonly client: Client;
  readonly #url: string;
  /** Of the login, for connections to come. */
  #token: string | undefined;

  constructor(url: string) {
    this.#url = url;
    this.client = connect({ url, token: () => this.#token });
  }

  async call(method: string, params: JsonObject): Promise<Answer> {
    try {
      const result = await this.#route(method, params);
      this.#follow(method, result);
      return { ok: true, result };
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      const { code, message, details } = error;
      return { ok: false, error: { code, message, ...(details === undefined ? {} : { details }) } };
    }
  }

  async plan(zone: string): Promise<Plan | undefined> {
    const [game = '', name = ''] = zone.replace(/[#@~].*$/, '').split('/');
    const address = new URL(`/${encodeURIComponent(game)}/map/${encodeURIComponent(name)}.json`, this.#url);
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(5_000) });
      return answer.ok ? ((await answer.json()) as Plan) : undefined;
    } catch {
      return undefined; // A map without walls is better than none.
    }
  }

  /** Gives every event to `hear`. @returns the undo */
  listen(hear: (event: string, data: Json) => void): () => void {
    const undos = [
      this.client.listenAny((event, data) => {
        if (!pictures.has(event)) hear(event, data);
      }),
      this.client.on('returned', (entered) => hear('resumed', entered as unknown as Json)),
      ...happenings.map((name) => this.client.on(name, (event) => hear(name, event as unknown as Json))),
    ];
    return () => {
      for (const undo of undos) undo();
    };
  }

  /** The client remembers where it was, and goes there again, when it is told by its own methods. */
  async #route(method: string, params: JsonObject): Promise<Json> {
    const { zone, name } = params;
    const has = (...keys: readonly string[]) =>
      Object.entries(params).every(([key, value]) => keys.includes(key) && typeof value === 'string');
    if (method === 'zone.enter' && has('zone', 'name'))
      return (await this.client.enter(zone as string | undefined, name as string | undefined)) as unknown as Json;
    if (method === 'character.choose' && has('name') && typeof name === 'string') return await this.client.choose(name);
    if (method === 'zone.leave' && has()) return await this.#leave();
    return await this.client.call(method, params);
  }

  async #leave(): Promise<Json> {
    const { zone = null } = this.client;
    await this.client.leave();
    return { zone };
  }

  /** Whoever logs in or out has no character in play any more. */
  #follow(method: string, result: Json): void {
    const isOut = leaving.has(method);
    if (isOut) this.#token = undefined;
    if (isOut || method === 'auth.login') this.client.forget();
    if (method !== 'auth.login' || typeof result !== 'object' || result === null) return;
    const { token } = result as JsonObject;
    if (typeof token === 'string') this.#token = token;
  }
}
