/**
 * The client library: `import { connect } from 'roost/client'`, in Node and in browsers without a build step.
 * It speaks what docs/protocol.md describes and adds what every client needs: reconnecting with the resume token,
 * entering again after a restart of the node, the mirror, interpolation, input numbers, typed events.
 */
import { io, type Socket } from 'socket.io-client';
import type { Json, JsonObject } from '../contract/content.ts';
import type { Answer, Entered, ServerEvents } from '../contract/protocol.ts';
import type { Fields } from '../sync/mirror.ts';
import { CallError } from './call-error.ts';
import { Emitter } from './emitter.ts';
import type { ClientEvents, MirrorObject } from './events.ts';
import { Inputs } from './inputs.ts';
import { Meter } from './meter.ts';
import { View } from './view.ts';

export { createFollower, Mirror } from '../sync/mirror.ts';
export { CallError } from './call-error.ts';
export type { ClientEvents, MirrorObject } from './events.ts';

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
};

/** Opens a connection, which lives until `close()`. */
export function connect(options: ConnectOptions = {}): Client {
  return new Client(options);
}

/** No answer after this long: `call.timeout`. Starting a zone may take 20 s. */
const answerLimitMs = 30_000;
/** Waits between attempts to enter again, in milliseconds; then it gives up. */
const enterWaitsMs = [500, 1000, 2000, 4000, 8000];
/** After these the server's reason holds until the program calls again. */
const finalCodes = new Set([
  'session.replaced',
  'session.elsewhere',
  'session.idle',
  'session.silent',
  'session.too-fast',
  'session.barred',
  'session.logged-out',
  'session.unknown-token',
  'admin.banned',
  'admin.kicked',
  'session.time-over',
  'session.version',
  'session.protocol',
]);

/** Events of the wire, as socket.io types want them. */
type Incoming = { [K in keyof ServerEvents]: (data: ServerEvents[K]) => void };

export class Client {
  readonly #socket: Socket<Incoming>;
  readonly #events = new Emitter<ClientEvents>();
  readonly #view = new View(this.#events);
  readonly #meter = new Meter();
  readonly #inputs = new Inputs((input) => this.#socket.connected && void this.#send('input', input));
  readonly #storage: ConnectOptions['storage'];
  #resume: string | undefined;
  #wanted: { readonly zone: string; readonly name: string } | undefined;
  /** Character of the account that was chosen; a new connection has to be told. */
  #persona: string | undefined;
  #zone: string | undefined;
  #lastNotice = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: ConnectOptions) {
    this.#storage = options.storage;
    this.#resume = options.resume ?? options.storage?.get() ?? undefined;
    const socketOptions = {
      transports: [...(options.transports ?? ['websocket', 'polling'])],
      auth: (present: (auth: object) => void) => {
        const resume = this.#resume === undefined ? {} : { resume: this.#resume };
        const given = typeof options.token === 'function' ? options.token() : options.token;
        const token = given === undefined ? {} : { token: given };
        present({ moves: 'packed', ...resume, ...token, ...(options.dev === undefined ? {} : { dev: options.dev }) });
      },
      reconnectionDelay: 500,
      reconnectionDelayMax: 10_000,
      randomizationFactor: 0.5,
      // Several clients of one program are several players.
      forceNew: true,
    };
    this.#socket = options.url === undefined ? io(socketOptions) : io(options.url, socketOptions);
    this.#listen();
  }

  /** Calls a method. @throws CallError with the code of the answer; `call.timeout` when none came. */
  async call(method: string, params: JsonObject = {}): Promise<Json> {
    this.connectAgain();
    const sentMs = performance.now();
    const answer = await this.#emit(method, params);
    this.#meter.answered(performance.now() - sentMs);
    if (answer.ok) return answer.result;
    throw new CallError(answer.error.code, answer.error.message, answer.error.details);
  }

  /** Puts a character into the zone; the same one comes back on every reconnection. */
  async enter(zone: string, name?: string): Promise<Entered> {
    const entered = (await this.call(
      'zone.enter',
      name === undefined ? { zone } : { zone, name },
    )) as unknown as Entered;
    this.#keep(entered);
    return entered;
  }

  /** Leaves the zone; a guest's character is gone. */
  async leave(): Promise<void> {
    await this.call('zone.leave');
    this.#wanted = undefined;
    this.#zone = undefined;
    this.#keepToken(undefined);
  }

  /**
   * Makes the connection anew, as whoever the page's cookie says now: after logging in or out over HTTP. The character of
   * the former connection is not taken along.
   * @throws CallError with the reason, when the server lets nobody in
   */
  async reconnect(): Promise<void> {
    this.#wanted = undefined;
    this.#persona = undefined;
    this.#zone = undefined;
    this.#keepToken(undefined);
    const connected = Promise.withResolvers<void>();
    const socket: Socket = this.#socket.disconnect();
    // That was meant: nothing to come back from.
    clearTimeout(this.#timer);
    const refused = ({ message }: Error) => !socket.active && connected.reject(new CallError(message, message));
    socket.once('connect', connected.resolve).on('connect_error', refused).connect();
    await connected.promise.finally(() => socket.off('connect_error', refused));
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

  on<K extends keyof ClientEvents>(name: K, listener: (...args: ClientEvents[K]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Listens to an event that a plugin sends: `host.send(…, 'quiz-over', …)`. What it holds is the plugin's to say. */
  listen(event: string, listener: (data: Json) => void): () => void {
    const socket = this.#socket as Socket;
    socket.on(event, listener);
    return () => {
      socket.off(event, listener);
    };
  }

  /** Moves `drawn` of every object to where it is to be shown; call it once per `requestAnimationFrame`. */
  frame(nowMs: number = performance.now()): void {
    this.#view.draw(nowMs);
  }

  /** Measures the way to the server and back, in milliseconds; also in `stats.pingMs`. */
  async ping(): Promise<number> {
    const sentMs = performance.now();
    // Whether the server knows the method does not matter: the answer's way is what counts.
    await this.#emit('host.ping', {});
    this.#meter.answered(performance.now() - sentMs);
    return this.#meter.pingMs;
  }

  /** Connects where the client does not by itself (`again: false`). */
  connectAgain(): void {
    if (!this.#socket.active && !this.#closed) this.#socket.connect();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#inputs.stop();
    this.#socket.disconnect();
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

  get zone(): string | undefined {
    return this.#zone;
  }

  get game(): string | undefined {
    return this.#zone?.split('/')[0];
  }

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
      connected: this.#socket.connected,
    };
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('connect', () => this.#connected());
    socket.on('disconnect', (reason) => this.#disconnected(reason));
    socket.on('connect_error', ({ message }) => {
      this.#events.emit('unreachable', { reason: message, again: socket.active });
    });
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
      this.#lastNotice = notice.code;
      if (notice.code === 'session.unknown-resume') this.#enterAnew();
      this.#events.emit('notice', notice);
    });
    socket.on('chat', (message) => this.#events.emit('chat', message));
    socket.on('watch', (message) => this.#events.emit('watch', message));
  }

  #connected(): void {
    this.#lastNotice = '';
    this.#socket.io.engine.on('packet', ({ data }) => this.#meter.received(data, performance.now()));
    this.#events.emit('connect');
    if (this.#resume === undefined && this.#wanted !== undefined) this.#enterAgain(0);
  }

  #disconnected(reason: string): void {
    clearTimeout(this.#timer);
    const again = !this.#closed && !finalCodes.has(this.#lastNotice);
    // socket.io reconnects by itself unless the server ended the connection.
    if (again && !this.#socket.active) {
      this.#timer = setTimeout(() => this.#socket.connect(), 500 + Math.random() * 1000);
    }
    this.#events.emit('disconnect', { reason: this.#lastNotice === '' ? reason : this.#lastNotice, again });
  }

  /** The server does not know our token: the node was started again, or we were away too long. */
  #enterAnew(): void {
    this.#keepToken(undefined);
    this.#zone = undefined;
    if (this.#wanted !== undefined) this.#enterAgain(0);
  }

  #enterAgain(attempt: number): void {
    const wanted = this.#wanted;
    if (wanted === undefined || this.#closed) return;
    this.#return(wanted).catch((error: unknown) => {
      if (!(error instanceof CallError)) throw error;
      // A ghost of our own may still hold the name for a while: any name is better than none.
      if (error.code === 'name.taken') this.#wanted = { ...wanted, name: '' };
      const waitMs = enterWaitsMs[attempt];
      if (waitMs === undefined) this.#events.emit('notice', { code: error.code, message: error.message });
      else this.#timer = setTimeout(() => this.#enterAgain(attempt + 1), waitMs);
    });
  }

  async #return({ zone, name }: { readonly zone: string; readonly name: string }): Promise<void> {
    if (this.#persona === undefined) return void (await this.enter(zone, name || undefined));
    await this.choose(this.#persona);
    await this.enter(zone);
  }

  #heal(): void {
    this.#meter.resyncs += 1;
    void this.#send('zone.snapshot', {});
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
    (this.#socket as Socket).emit(name, data);
  }

  #emit(method: string, params: JsonObject): Promise<Answer> {
    return new Promise((resolve) => {
      (this.#socket as Socket).timeout(answerLimitMs).emit(method, params, (lost: Error | null, answer: Answer) => {
        resolve(lost === null ? answer : { ok: false, error: { code: 'call.timeout', message: lost.message } });
      });
    });
  }
}
