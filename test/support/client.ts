/** A stock socket.io client with nothing but docs/protocol.md in its head. */
import { io, type Socket } from 'socket.io-client';
import type { JsonObject } from '../../core/contract/content.ts';
import type {
  Answer,
  Delta,
  Entered,
  Snapshot,
  WireEvent,
  WireFields,
  WireObject,
} from '../../core/contract/protocol.ts';

/** An answer that was a refusal. */
export class CallError extends Error {
  readonly code: string;
  readonly details: unknown;

  constructor(method: string, { code, message, details }: { code: string; message: string; details?: unknown }) {
    super(`${method}: ${code}: ${message}`);
    this.name = 'CallError';
    this.code = code;
    this.details = details;
  }
}

export type Message = { readonly event: string; readonly data: unknown };

/** An object as the client sees it: frame units, state merged. */
export type Seen = {
  readonly id: string;
  readonly slot: number;
  readonly kind: string;
  name: string;
  holder: string | null;
  x: number;
  y: number;
  angle: number;
  words: readonly string[];
  state: JsonObject;
};

export class TestClient {
  readonly socket: Socket;
  /** Everything the server sent, in order. */
  readonly messages: Message[] = [];
  /** What is in view, by id. */
  readonly objects = new Map<string, Seen>();
  readonly events: WireEvent[] = [];
  world: JsonObject = {};
  own: Readonly<Record<string, JsonObject>> = {};
  character = '';
  zone = '';
  resume = '';
  tick = 0;
  readonly #slots = new Map<number, Seen>();
  readonly #watchers = new Set<() => void>();
  #epoch = -1;

  constructor(
    url: string,
    auth: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.socket = io(url, {
      transports: ['websocket'],
      auth,
      extraHeaders: headers,
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
    });
    this.socket.onAny((event: string, data: unknown) => this.#receive(event, data));
    this.socket.on('disconnect', () => this.#look());
  }

  async connected(): Promise<void> {
    if (this.socket.connected) return;
    await new Promise<void>((done, failed) => {
      this.socket.once('connect', done);
      this.socket.once('connect_error', failed);
    });
  }

  /** Calls a method. @throws CallError */
  async call<T = unknown>(method: string, params: object = {}): Promise<T> {
    const answer: Answer = await this.socket.emitWithAck(method, params);
    if (!answer.ok) throw new CallError(method, answer.error);
    return answer.result as T;
  }

  async enter(zone: string, name?: string): Promise<Entered & { resume: string }> {
    const entered = await this.call<Entered & { resume: string }>(
      'zone.enter',
      name === undefined ? { zone } : { zone, name },
    );
    this.character = entered.character;
    this.zone = entered.zone;
    this.resume = entered.resume;
    await this.until(() => this.objects.has(this.character));
    return entered;
  }

  /** Resolves as soon as it holds after a message. Rejects when the connection is closed by us. */
  async until<T>(holds: () => T | false | null | undefined): Promise<T> {
    const done = Promise.withResolvers<T>();
    const look = () => {
      const value = holds();
      if (value !== false && value !== null && value !== undefined) done.resolve(value);
    };
    this.#watchers.add(look);
    look();
    return await done.promise.finally(() => this.#watchers.delete(look));
  }

  /** The first message of this event from now on that fits. */
  async next<T = unknown>(event: string, fits: (data: T) => boolean = () => true): Promise<T> {
    let at = this.messages.length;
    return await this.until(() => {
      for (; at < this.messages.length; at++) {
        const message = this.messages[at] as Message;
        if (message.event === event && fits(message.data as T)) return message.data as T;
      }
      return undefined;
    });
  }

  /** What is in view of a kind, by id. */
  all(kind: string): readonly Seen[] {
    return [...this.objects.values()].filter((one) => one.kind === kind).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** One of a kind in view, waited for. */
  one(kind: string): Promise<Seen> {
    return this.until(() => this.all(kind)[0]);
  }

  close(): void {
    this.socket.close();
  }

  #receive(event: string, data: unknown): void {
    this.messages.push({ event, data });
    if (event === 'snapshot') this.#snapshot(data as Snapshot);
    if (event === 'delta') this.#delta(data as Delta);
    this.#look();
  }

  #look(): void {
    for (const look of this.#watchers) look();
  }

  #snapshot(snapshot: Snapshot): void {
    this.#epoch = snapshot.e;
    this.tick = snapshot.t;
    this.zone = snapshot.z;
    this.character = snapshot.self ?? '';
    this.world = snapshot.w ?? {};
    this.own = snapshot.own ?? {};
    this.objects.clear();
    this.#slots.clear();
    for (const object of snapshot.o) this.#add(object);
  }

  #delta(delta: Delta): void {
    if (delta.e !== this.#epoch) return;
    this.tick = delta.t;
    for (const object of delta.in ?? []) this.#add(object);
    for (const [slot, dx, dy, da = 0, fields] of delta.ch ?? []) {
      const seen = this.#slots.get(slot);
      if (!seen) continue;
      seen.x += dx;
      seen.y += dy;
      seen.angle += da;
      if (fields) change(seen, fields);
    }
    for (const slot of delta.out ?? []) {
      const seen = this.#slots.get(slot);
      this.#slots.delete(slot);
      if (seen) this.objects.delete(seen.id);
    }
    this.events.push(...(delta.ev ?? []));
    if (delta.w) this.world = { ...this.world, ...delta.w };
    for (const [id, own] of Object.entries(delta.own ?? {}))
      this.own = { ...this.own, [id]: { ...this.own[id], ...own } };
  }

  #add(object: WireObject): void {
    const seen: Seen = {
      id: object.i,
      slot: object.s,
      kind: object.k,
      name: object.n ?? '',
      holder: object.h ?? null,
      x: object.x,
      y: object.y,
      angle: object.a ?? 0,
      words: object.w ?? [],
      state: object.st ?? {},
    };
    this.objects.set(seen.id, seen);
    this.#slots.set(seen.slot, seen);
  }
}

function change(seen: Seen, fields: WireFields): void {
  if (fields.n !== undefined) seen.name = fields.n;
  if (fields.h !== undefined) seen.holder = fields.h;
  if (fields.w !== undefined) seen.words = fields.w;
  if (fields.st !== undefined) seen.state = { ...seen.state, ...fields.st };
}
