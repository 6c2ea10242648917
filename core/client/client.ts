/**
 * The client library: `import { connect } from 'roost/client'`, in Node and in browsers without a build step.
 * It speaks what docs/protocol.md describes and adds what every client needs: reconnecting with the resume token,
 * entering again after a restart of the node, the mirror, interpolation, input numbers, typed events.
 */
import type { Socket } from 'socket.io-client';
import type { Json, JsonObject } from '../contract/content.ts';
import { type Entered, protocolVersion } from '../contract/protocol.ts';
import type { Fields } from '../sync/mirror.ts';
import { CallError } from './call-error.ts';
import { Connection } from './connection.ts';
import { Emitter } from './emitter.ts';
import type { ClientEvents, MirrorObject } from './events.ts';
import { AnswerError } from './failures.ts';
import { Inputs } from './inputs.ts';
import { Meter } from './meter.ts';
import { View } from './view.ts';

export type { Json, JsonObject, Look, PageMap, Point, Shape } from '../contract/content.ts';
export type {
  Answer,
  ChatMessage,
  Delta,
  Entered,
  Notice,
  Snapshot,
  WatchMessage,
  WireEvent,
  ZoneMessage,
} from '../contract/protocol.ts';
export { type ChangedKey, createFollower, type Fields, Mirror } from '../sync/mirror.ts';
export { CallError } from './call-error.ts';
export type { ClientEvents, MirrorObject } from './events.ts';
export {
  AnswerError,
  EndedError,
  LostError,
  NotConnectedError,
  ProtocolError,
  RefusedError,
  TimeoutError,
  UnreachableError,
} from './failures.ts';

export type ConnectOptions = {
  /** Address of the node; in a browser the page's own. */
  readonly url?: string;
  /** Token of an earlier connection whose character is wanted back. */
  readonly resume?: string;
  readonly transports?: readonly ('websocket' | 'polling')[];
  /** Where the token is kept over a reload of the page; for example the tab's `sessionStorage` behind these two. */
  readonly storage?: { get(): string | null | undefined; set(resume: string | null): void };
  /**
   * Token of a login, or of a bot; presented at every connection, so that a function can give a newer one. Pages leave it to
   * their cookie.
   */
  readonly token?: string | (() => string | undefined) | undefined;
  /** Token of the link that `npm start` prints in development: with it the session may edit scripts. */
  readonly dev?: string | undefined;
  /**
   * How long to try to connect, with growing waits between the attempts, in milliseconds; then `unreachable` comes with `again:
   * false`, and calls that wait fail. `Infinity` goes on for ever, and so does, in any case, who was connected and lost it.
   */
  readonly giveUpMs?: number;
  /** How long to wait for an answer, in milliseconds, then TimeoutError. 30 s unless said: starting a zone may take 20 s. */
  readonly answerMs?: number;
};

/** Opens a connection, which lives until `close()`. `ready()` tells when it is there, or why not. */
export function connect(options: ConnectOptions = {}): Client {
  return new Client(options);
}

/** Waits between attempts to enter again, in milliseconds; then it gives up. */
const enterWaitsMs = [500, 1000, 2000, 4000, 8000];
export class Client {
  readonly #connection: Connection;
  readonly #events = new Emitter<ClientEvents>();
  readonly #view = new View(this.#events);
  readonly #meter = new Meter();
  readonly #inputs = new Inputs((input) => this.#connection.connected && this.#send('input', input));
  readonly #storage: ConnectOptions['storage'];
  #resume: string | undefined;
  #wanted: { readonly zone: string; readonly name: string } | undefined;
  /** Character of the account that was chosen; a new connection has to be told. */
  #persona: string | undefined;
  #zone: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConnectOptions) {
    this.#storage = options.storage;
    this.#resume = options.resume ?? options.storage?.get() ?? undefined;
    this.#connection = new Connection(options, {
      present: () => {
        const resume = this.#resume === undefined ? {} : { resume: this.#resume };
        const given = typeof options.token === 'function' ? options.token() : options.token;
        const token = given === undefined ? {} : { token: given };
        const dev = options.dev === undefined ? {} : { dev: options.dev };
        return { protocol: protocolVersion, moves: 'packed', ...resume, ...token, ...dev };
      },
      connected: () => this.#connected(),
      disconnected: (reason, again) => {
        clearTimeout(this.#timer);
        this.#events.emit('disconnect', { reason, again });
      },
      unreachable: (reason, again) => this.#events.emit('unreachable', { reason, again }),
    });
    this.#listen();
  }

  /**
   * Resolves when there is a connection on which the node has answered.
   * @throws UnreachableError, RefusedError, ProtocolError, EndedError: why there is none
   */
  async ready(): Promise<void> {
    await this.#connection.ready();
  }

  /**
   * Calls a method, once there is a connection.
   * @throws CallError, of the kind that it is: AnswerError with the code of the answer; TimeoutError, LostError, EndedError, after
   * which nobody knows whether it was done; NotConnectedError, UnreachableError, RefusedError, ProtocolError: it was not sent
   */
  async call(method: string, params: JsonObject = {}): Promise<Json> {
    if (!this.#connection.connected) await this.#connection.whenConnected();
    const sentMs = performance.now();
    const answer = await this.#connection.call(method, params);
    this.#meter.answered(performance.now() - sentMs);
    if (!answer.ok) throw new AnswerError(answer.error.code, answer.error.message, answer.error.details);
    return answer.result;
  }

  /** Puts a character into the zone, the game's first when none is named; the same one comes back on every reconnection. */
  async enter(zone?: string, name?: string): Promise<Entered> {
    const params = { ...(zone === undefined ? {} : { zone }), ...(name === undefined ? {} : { name }) };
    const entered = (await this.call('zone.enter', params)) as unknown as Entered;
    this.#keep(entered);
    return entered;
  }

  /** Leaves the zone; a guest's character is gone. */
  async leave(): Promise<void> {
    await this.call('zone.leave');
    this.#left();
  }

  /** Does not come back to the zone by itself: for who is somebody else from now on. */
  forget(): void {
    this.#persona = undefined;
    this.#left();
  }

  /**
   * Makes the connection anew, as whoever the page's cookie says now: after logging in or out over HTTP. The character of
   * the former connection is not taken along.
   * @throws CallError with the reason, when the server lets nobody in
   */
  async reconnect(): Promise<void> {
    this.forget();
    this.#connection.disconnect();
    await this.#connection.whenConnected();
  }

  /** Plays that character of the account from the next `enter` on, and again after a restart of the node. */
  async choose(name: string): Promise<Json> {
    const chosen = await this.call('character.choose', { name });
    this.#persona = name;
    return chosen;
  }

  /** Uses an object. */
  activate(id: string): Promise<Json> {
    return this.call('object.activate', { id });
  }

  /** Calls a method of an object. `once` makes a durable call safe to repeat. */
  act(id: string, method: string, params: JsonObject = {}, options: { readonly once?: string } = {}): Promise<Json> {
    return this.call('object.call', { id, method, params, ...options });
  }

  /** Answers an `ask` event. */
  answer(id: string, question: string, choice: string): Promise<Json> {
    return this.call('object.answer', { id, question, choice });
  }

  /** Says a line where the character stands. */
  say(text: string): Promise<Json> {
    return this.call('chat.say', { text });
  }

  /**
   * Tells the character what its player wants, as the fields its script reads. Sent no more often than the zone ticks;
   * the newest wins, and holds until the next.
   * @returns The `seq` that `client.ack` will reach when the zone has used it.
   */
  input(fields: JsonObject): number {
    return this.#inputs.put(fields);
  }

  /** Listens until the function that is given back is called. */
  on<K extends keyof ClientEvents>(name: K, listener: (...args: ClientEvents[K]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Listens to an event that a plugin sends: `host.send(…, 'quiz-over', …)`. What it holds is the plugin's to say. */
  listen(event: string, listener: (data: Json) => void): () => void {
    const socket = this.#connection.socket as Socket;
    socket.on(event, listener);
    return () => {
      socket.off(event, listener);
    };
  }

  /** Listens to every event of the server by its name, those that `on` knows too. */
  listenAny(listener: (event: string, data: Json) => void): () => void {
    const socket = this.#connection.socket as Socket;
    socket.onAny(listener);
    return () => {
      socket.offAny(listener);
    };
  }

  /** Moves `drawn` of every object to where it is to be shown; call it once per `requestAnimationFrame`. */
  frame(nowMs: number = performance.now()): void {
    this.#view.draw(nowMs);
  }

  /** Measures the way to the server and back, in milliseconds; also in `stats.pingMs`. Without a connection it is the last one. */
  async ping(): Promise<number> {
    const sentMs = performance.now();
    // Whether the server knows the method does not matter: the answer's way is what counts.
    try {
      await this.#connection.call('host.ping', {});
      this.#meter.answered(performance.now() - sentMs);
    } catch (error) {
      // Nothing was measured; whoever listens hears of the connection itself.
      if (!(error instanceof CallError)) throw error;
    }
    return this.#meter.pingMs;
  }

  /** Connects where the client does not by itself (`again: false`). */
  connectAgain(): void {
    this.#connection.connectAgain();
  }

  /** Ends the connection for good; calls that wait fail with NotConnectedError. */
  close(): void {
    clearTimeout(this.#timer);
    this.#inputs.stop();
    this.#connection.close();
  }

  /** Everything in view, by id. */
  get objects(): ReadonlyMap<string, MirrorObject> {
    return this.#view.mirror.objects;
  }

  /** The own character, once it is in view. */
  get self(): MirrorObject | undefined {
    return this.objects.get(this.#view.mirror.self);
  }

  /** What only this player may see, by object id. */
  get own(): ReadonlyMap<string, Fields> {
    return this.#view.mirror.own;
  }

  /** Public state of the zone. */
  get world(): Fields {
    return this.#view.mirror.world;
  }

  /** Id of the zone that we are in, such as `farmyard/meadow`. */
  get zone(): string | undefined {
    return this.#zone;
  }

  /** Its game. */
  get game(): string | undefined {
    return this.#zone?.split('/')[0];
  }

  /** Ticks a second of the zone. */
  get tickRate(): number {
    return this.#view.mirror.rate;
  }

  /** Highest `seq` of our inputs that the zone has used, −1 before the first. */
  get ack(): number {
    return this.#view.mirror.ack;
  }

  /** A character is on its way back: of a resumed connection, or one that enters again. */
  get isReturning(): boolean {
    return this.#resume !== undefined || this.#wanted !== undefined;
  }

  /** The token that brings the character back. */
  get resume(): string | undefined {
    return this.#resume;
  }

  /** How the connection does, for whoever is curious. */
  get stats(): {
    readonly tick: number;
    readonly pingMs: number;
    readonly bytesPerSecond: number;
    readonly objects: number;
    /** How often the checksum differed and a snapshot was asked for. */
    readonly resyncs: number;
    readonly connected: boolean;
  } {
    return {
      tick: this.#view.mirror.tick,
      pingMs: this.#meter.pingMs,
      bytesPerSecond: this.#meter.bytesPerSecond(performance.now()),
      objects: this.objects.size,
      resyncs: this.#meter.resyncs,
      connected: this.#connection.connected,
    };
  }

  #listen(): void {
    const { socket } = this.#connection;
    socket.on('resumed', (entered) => {
      this.#keep(entered);
      this.#events.emit('resumed', entered);
    });
    socket.on('snapshot', (snapshot) => {
      this.#zone = snapshot.z;
      this.#inputs.everyMs = 1000 / snapshot.r;
      this.#view.applySnapshot(snapshot, performance.now());
    });
    socket.on('delta', (delta) => {
      if (!this.#view.applyDelta(delta, performance.now())) this.#heal();
    });
    socket.on('zone', (message) => {
      if (message.state === 'entering' && this.#wanted) this.#wanted = { ...this.#wanted, zone: message.zone };
      if (message.state === 'closed') this.#zone = undefined;
      this.#events.emit('zone', message);
    });
    socket.on('notice', (notice) => {
      if (notice.code === 'session.unknown-resume') this.#enterAnew();
      this.#events.emit('notice', notice);
    });
    socket.on('chat', (message) => this.#events.emit('chat', message));
    socket.on('watch', (message) => this.#events.emit('watch', message));
  }

  #connected(): void {
    this.#connection.socket.io.engine.on('packet', ({ data }) => this.#meter.received(data, performance.now()));
    this.#events.emit('connect');
    if (this.#resume === undefined && this.#wanted !== undefined) this.#enterAgain(0);
  }

  /** The server does not know our token: the node was started again, or we were away too long. */
  #enterAnew(): void {
    this.#keepToken(undefined);
    this.#zone = undefined;
    if (this.#wanted !== undefined) this.#enterAgain(0);
  }

  #enterAgain(attempt: number): void {
    const wanted = this.#wanted;
    if (wanted === undefined || this.#connection.closed) return;
    this.#return(wanted).catch((error: unknown) => {
      if (!(error instanceof CallError)) throw error;
      // The next connection enters by itself.
      if (!this.#connection.connected) return;
      // A ghost of our own may still hold the name for a while: any name is better than none.
      if (error.code === 'name.taken') this.#wanted = { ...wanted, name: '' };
      const waitMs = enterWaitsMs[attempt];
      if (waitMs === undefined) this.#events.emit('notice', { code: error.code, message: error.message });
      else this.#timer = setTimeout(() => this.#enterAgain(attempt + 1), waitMs);
    });
  }

  async #return({ zone, name }: { readonly zone: string; readonly name: string }): Promise<void> {
    const persona = this.#persona;
    if (persona !== undefined) await this.choose(persona);
    const entered = await this.enter(zone, persona === undefined ? name || undefined : undefined);
    this.#events.emit('returned', entered);
  }

  #left(): void {
    this.#wanted = undefined;
    this.#zone = undefined;
    this.#keepToken(undefined);
  }

  #heal(): void {
    this.#meter.resyncs += 1;
    this.#send('zone.snapshot', {});
  }

  #keep(entered: Entered): void {
    this.#wanted = { zone: entered.zone, name: entered.name };
    this.#zone = entered.zone;
    this.#keepToken(entered.resume ?? undefined);
  }

  #keepToken(resume: string | undefined): void {
    this.#resume = resume;
    this.#storage?.set(resume ?? null);
  }

  /** An event without an answer. */
  #send(name: string, data: JsonObject): void {
    (this.#connection.socket as Socket).emit(name, data);
  }
}
