/**
 * One way to a node: connecting with growing waits, given up after a while; calls, and why they got no answer; coming back when
 * it is lost. What is said over it is client.ts's.
 */
import { io, type Socket } from 'socket.io-client';
import type { JsonObject } from '../contract/content.ts';
import type { Answer, Notice, ServerEvents } from '../contract/protocol.ts';
import type { CallError } from './call-error.ts';
import {
  isLasting,
  LostError,
  NotConnectedError,
  RefusedError,
  TimeoutError,
  toEnd,
  toRefusal,
  UnreachableError,
} from './failures.ts';
import { Waiting } from './waiting.ts';

export type ConnectionOptions = {
  /** In a browser the page's own when it is left out. */
  readonly url?: string;
  readonly transports?: readonly ('websocket' | 'polling')[];
  readonly giveUpMs?: number;
  readonly answerMs?: number;
};

export type ConnectionListener = {
  /** What is presented at every connection. */
  present(): object;
  connected(): void;
  /** @param again  Whether it comes back by itself. */
  disconnected(reason: string, again: boolean): void;
  /** An attempt failed. */
  unreachable(reason: string, again: boolean): void;
};

/** Time for an answer, unless an option says otherwise. */
const usualAnswerMs = 30_000;
/** Time to connect, unless an option says otherwise. */
const usualGiveUpMs = 10_000;
/** Longest wait for one attempt to connect: a host that says nothing at all. */
const attemptMs = 5_000;
/** Wait before coming back to a node that ended the connection; it doubles while that goes on. */
const backMs = 500;
const backMostMs = 10_000;
/** After these the node's reason holds until the program calls again. */
const finalCodes = new Set([
  ...['session.replaced', 'session.elsewhere', 'session.idle', 'session.silent', 'session.too-fast', 'session.barred'],
  ...['session.origin', 'session.logged-out', 'session.unknown-token', 'session.time-over', 'session.version'],
  ...['session.protocol', 'admin.banned', 'admin.kicked'],
]);
/** After these it comes back. The line may be cut before socket.io has said that the node ended it. */
const passingCodes = new Set([
  'session.slow',
  'session.closing',
  'session.full',
  'session.crowded',
  'session.too-many',
]);

/** Events of the wire, as socket.io types want them. */
type Incoming = { [K in keyof ServerEvents]: (data: ServerEvents[K]) => void };

export class Connection {
  readonly socket: Socket<Incoming>;
  readonly #listener: ConnectionListener;
  readonly #waiting = new Waiting();
  readonly #giveUpMs: number;
  readonly #answerMs: number;
  readonly #url: string;
  #giveUpTimer: ReturnType<typeof setTimeout> | undefined;
  #backTimer: ReturnType<typeof setTimeout> | undefined;
  /** Why the last attempt to connect failed. */
  #failure: CallError | undefined;
  /** What the node said last: why it ends the connection, when it does. */
  #notice: Notice | undefined;
  /** Why the node ended the last connection. */
  #end: CallError | undefined;
  /** Times in a row that the node ended the connection before it did anything for us. */
  #ends = 0;
  #closed = false;

  constructor({ url, transports, giveUpMs, answerMs }: ConnectionOptions, listener: ConnectionListener) {
    this.#listener = listener;
    this.#giveUpMs = giveUpMs ?? usualGiveUpMs;
    this.#answerMs = answerMs ?? usualAnswerMs;
    this.#url = url ?? 'the address of this page';
    const options = {
      transports: [...(transports ?? ['websocket', 'polling'])],
      // Some proxies let no WebSocket through; and only a plain request is told why it is refused.
      tryAllTransports: true,
      auth: (present: (auth: object) => void) => present(listener.present()),
      reconnectionDelay: 500,
      reconnectionDelayMax: 10_000,
      timeout: attemptMs,
      randomizationFactor: 0.5,
      // Several clients of one program are several players.
      forceNew: true,
    };
    this.socket = url === undefined ? io(options) : io(url, options);
    this.socket.on('connect', () => this.#connected());
    this.socket.on('disconnect', (reason) => this.#disconnected(reason));
    this.socket.on('connect_error', (error) => this.#failed(error));
    this.socket.on('notice', (notice) => {
      this.#notice = notice;
    });
    this.#try();
  }

  get connected(): boolean {
    return this.socket.connected;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Resolves when it is there. @throws CallError why it is not */
  async whenConnected(): Promise<void> {
    if (this.#closed) throw new NotConnectedError();
    this.connectAgain();
    if (this.connected) return;
    const patienceMs = Math.min(this.#giveUpMs, this.#answerMs);
    await this.#waiting.wait(patienceMs, () => this.#unreached(patienceMs));
  }

  /**
   * Resolves when the node has answered. One that has no place lets a client in to say so: that is one more attempt that failed.
   * @throws CallError why it has not
   */
  async ready(): Promise<void> {
    const endMs = performance.now() + this.#giveUpMs;
    await this.whenConnected();
    for (;;) {
      try {
        await this.call('host.ping', {});
        return;
      } catch (error) {
        const leftMs = endMs - performance.now();
        if (!(error instanceof RefusedError) || isLasting(error) || leftMs <= 0) throw error;
        // It comes back by itself, later each time.
        await this.#waiting.wait(Math.min(leftMs, this.#answerMs), () => error);
      }
    }
  }

  /** Calls a method now. @throws TimeoutError, or why the connection broke before the answer */
  call(method: string, params: JsonObject): Promise<Answer> {
    // What socket.io keeps for the next connection is not what was meant.
    if (!this.connected) return Promise.reject(this.#broken(method));
    return new Promise((resolve, reject) => {
      (this.socket as Socket).timeout(this.#answerMs).emit(method, params, (lost: Error | null, answer: Answer) => {
        if (lost === null) {
          if (answer.ok) this.#ends = 0;
          resolve(answer);
        } else reject(this.connected ? new TimeoutError(method, this.#answerMs) : this.#broken(method));
      });
    });
  }

  /** Connects where it does not by itself. */
  connectAgain(): void {
    if (this.socket.active || this.#closed) return;
    clearTimeout(this.#backTimer);
    this.socket.connect();
    this.#try();
  }

  /** Lets go of this connection. The next is made by who asks for it. */
  disconnect(): void {
    this.socket.disconnect();
    // That was meant: nothing to come back from.
    clearTimeout(this.#backTimer);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#backTimer);
    clearTimeout(this.#giveUpTimer);
    this.socket.disconnect();
    this.#waiting.fail(new NotConnectedError());
  }

  /** Gives up after `giveUpMs`, unless there is a connection before. */
  #try(): void {
    clearTimeout(this.#giveUpTimer);
    this.#failure = undefined;
    if (this.#giveUpMs === Number.POSITIVE_INFINITY) return;
    this.#giveUpTimer = setTimeout(() => this.#giveUp(this.#unreached(this.#giveUpMs)), this.#giveUpMs);
  }

  #failed(error: Error): void {
    const refusal = toRefusal(error);
    this.#failure = refusal ?? new UnreachableError(this.#url, 0, error.message);
    if (refusal !== undefined && isLasting(refusal)) this.#giveUp(refusal);
    else this.#listener.unreachable(this.#failure.code, this.socket.active);
  }

  #giveUp(why: CallError): void {
    clearTimeout(this.#giveUpTimer);
    this.socket.disconnect();
    this.#waiting.fail(why);
    this.#listener.unreachable(why.code, false);
  }

  /** What the other side said to the last attempt says more than that the time is over. */
  #unreached(triedMs: number): CallError {
    const failure = this.#failure;
    if (failure !== undefined && !(failure instanceof UnreachableError)) return failure;
    return new UnreachableError(this.#url, triedMs, failure?.why ?? 'no answer');
  }

  #connected(): void {
    this.#notice = undefined;
    this.#end = undefined;
    this.#failure = undefined;
    clearTimeout(this.#giveUpTimer);
    this.#listener.connected();
    this.#waiting.go();
  }

  #disconnected(reason: string): void {
    clearTimeout(this.#backTimer);
    this.#end = this.#findEnd(reason);
    const code = this.#end?.code ?? reason;
    const again = !this.#closed && !finalCodes.has(code);
    // socket.io reconnects by itself unless the server ended the connection.
    if (again && !this.socket.active) {
      const waitMs = Math.min(backMs * 2 ** this.#ends, backMostMs);
      if (this.#end !== undefined) this.#ends += 1;
      this.#backTimer = setTimeout(() => this.socket.connect(), waitMs * (1 + Math.random()));
    }
    this.#listener.disconnected(code, again);
  }

  /** A node says why before it ends a connection; not all that it says does that. */
  #findEnd(reason: string): CallError | undefined {
    if (this.#notice === undefined || reason === 'io client disconnect') return undefined;
    const { code, message } = this.#notice;
    const isEnd = reason === 'io server disconnect' || finalCodes.has(code) || passingCodes.has(code);
    return isEnd ? toEnd(code, message) : undefined;
  }

  /** Why a call gets no answer whose connection is gone. */
  #broken(method: string): CallError {
    return this.#end ?? (this.#closed ? new NotConnectedError() : new LostError(method));
  }
}
