/** A player of a run: what its requests take and how they fail goes into the book. */
import { setTimeout as pause } from 'node:timers/promises';
import { AnswerError, CallError, type Client, connect } from '../client/client.ts';
import type { Json, JsonObject } from '../contract/content.ts';
import type { Book } from './book.ts';
import type { Options, Player, Run } from './definition.ts';
import { HttpConnection, type HttpReply, type HttpRequest } from './http.ts';
import type { Random } from './random.ts';
import { RequestError } from './request-error.ts';

/**
 * A step that begins no later than this was not held up by the server: timers are no more exact. Its time then counts from
 * when it began, else from when it was due.
 */
const grainMs = 2;
const nameLetters = 12;

type Setting = {
  readonly number: number;
  readonly run: Run;
  readonly book: Book;
  readonly random: Random;
  /** Names are not to meet those of the run before, whose characters may still be there. */
  readonly names: Random;
  readonly signal: AbortSignal;
};

export class LoadPlayer implements Player {
  readonly number: number;
  readonly name: string;
  readonly run: Run;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly #book: Book;
  #client: Client | undefined;
  #http: HttpConnection | undefined;
  #dueMs = 0;
  /** Nothing of the step was sent yet. */
  #isFirst = false;
  #isLeaving = false;

  constructor({ number, run, book, random, names, signal }: Setting) {
    this.number = number;
    this.run = run;
    this.random = random;
    this.signal = signal;
    this.#book = book;
    this.name = `load${names.name(nameLetters)}`;
  }

  get options(): Options {
    return this.run.options;
  }

  get dueMs(): number {
    return this.#dueMs;
  }

  /** A step begins that was due then. */
  begin(dueMs: number): void {
    const nowMs = performance.now();
    this.#dueMs = nowMs - dueMs > grainMs ? dueMs : nowMs;
    this.#isFirst = true;
  }

  async connect(options: Parameters<Player['connect']>[0] = {}): Promise<Client> {
    this.#client?.close();
    const client = connect({ url: this.run.url, ...options });
    this.#client = client;
    const connected = Promise.withResolvers<void>();
    let notice = '';
    client.on('notice', ({ code }) => {
      notice = code;
    });
    client.on('connect', connected.resolve);
    client.on('unreachable', ({ reason }) => connected.reject(new RequestError(toCode(reason), reason)));
    const stop = () => connected.reject(new RequestError('net.given-up', 'the run was over'));
    this.signal.addEventListener('abort', stop, { once: true });
    try {
      await this.time('connect', () => connected.promise);
    } catch (error) {
      client.close();
      throw error;
    } finally {
      this.signal.removeEventListener('abort', stop);
    }
    client.on('disconnect', ({ reason }) => this.#gone(client, notice || reason));
    return client;
  }

  async call(method: string, params: JsonObject = {}): Promise<Json> {
    const client = this.#client;
    if (client === undefined) throw new TypeError(`player.call('${method}') before player.connect()`);
    return this.time(method, () => client.call(method, params));
  }

  async request({
    as,
    judge = byStatus,
    ...request
  }: Parameters<Player['request']>[0]): Promise<HttpReply & { readonly ms: number }> {
    let ms = 0;
    const reply = await this.time(as ?? `${request.method ?? 'GET'} ${request.path}`, async () => {
      const sentMs = performance.now();
      const answer = await this.#connection.send(request, this.signal);
      ms = performance.now() - sentMs;
      const wrong = judge(answer);
      if (wrong !== undefined) throw wrong;
      return answer;
    });
    return { ...reply, ms };
  }

  async look(request: HttpRequest): Promise<HttpReply | undefined> {
    try {
      return await this.#connection.send(request, this.signal);
    } catch (error) {
      if (error instanceof RequestError) return undefined;
      throw error;
    }
  }

  async time<T>(as: string, work: () => Promise<T>): Promise<T> {
    const fromMs = this.#isFirst ? this.#dueMs : performance.now();
    this.#isFirst = false;
    try {
      const result = await work();
      // What is done to leave is not what was to be measured.
      if (!this.#isLeaving) this.#book.answered(as, performance.now() - fromMs);
      return result;
    } catch (error) {
      if (!(error instanceof RequestError || error instanceof CallError)) throw error;
      // What was given up with the run says nothing about the server.
      if (!this.signal.aborted) {
        if (!this.#isLeaving) this.#book.failedAfter(performance.now() - fromMs);
        this.#book.error(error.code, error.message, this.number, as);
      }
      throw error instanceof RequestError ? error : toRequestError(error);
    }
  }

  took(as: string, ms: number): void {
    if (!this.#isLeaving) this.#book.took(as, ms);
  }

  error(code: string, message = ''): void {
    this.#book.error(code, message, this.number);
  }

  count(name: string, by = 1): void {
    this.#book.count(name, by);
  }

  serverTook(ms: number, ofMs: number): void {
    if (!this.#isLeaving) this.#book.serverTook(ms, ofMs);
  }

  async pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.signal }).catch(() => undefined);
  }

  /** From now on nothing is measured, and a lost connection is no error. */
  leaving(): void {
    this.#isLeaving = true;
  }

  close(): void {
    this.#isLeaving = true;
    this.#client?.close();
    this.#http?.close();
  }

  get #connection(): HttpConnection {
    this.#http ??= new HttpConnection(this.run.url);
    return this.#http;
  }

  #gone(client: Client, reason: string): void {
    if (!this.#isLeaving && client === this.#client) this.error(toCode(reason), 'connection lost');
  }
}

function toRequestError(error: CallError): RequestError {
  return new RequestError(error.code, error.message, error instanceof AnswerError);
}

function byStatus({ status, text }: HttpReply): RequestError | undefined {
  return status >= 400 ? new RequestError(`http.${status}`, text.slice(0, 200), true) : undefined;
}

/** Codes of the server stay; what socket.io says (`xhr poll error`, `transport close`) becomes one. */
function toCode(reason: string): string {
  return /^[a-z-]+\.[a-z-]+$/.test(reason) ? reason : `net.${reason.replaceAll(' ', '-')}`;
}
