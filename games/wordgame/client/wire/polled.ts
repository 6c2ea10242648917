/** By plain HTTP: every call is a request, and what changes is asked for. */
import { CallError } from 'roost/client';
import { resumeStorage } from '../parts/kept.ts';
import type { Board, Entered, Heard, Params, Wire } from './wire.ts';

type Seen = { readonly objects: readonly (Board & { readonly kind: string; readonly changed: number })[] };

/** Between two looks at the table. */
const lookMs = 1_000;
/** Longest wait for an answer. */
const answerMs = 12_000;
/** The character is nobody's any more: the node was started again, or it took too long. */
const outCodes = new Set(['session.unknown-resume', 'session.unknown-token', 'zone.none', 'call.forbidden']);

export class PolledWire implements Wire {
  readonly kind = 'polled';
  readonly #heard: Heard;
  #token = resumeStorage.get();
  #atTable = false;
  #since = 0;
  #isUp: boolean | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #asked = 0;

  constructor(heard: Heard) {
    this.#heard = heard;
    queueMicrotask(() => void this.#look());
  }

  async call(method: string, params: Params = {}): Promise<unknown> {
    const headers = new Headers({ 'content-type': 'application/json' });
    if (this.#token !== null) headers.set('authorization', `Bearer ${this.#token}`);
    const id = ++this.#asked;
    const answer = await fetch('/rpc', {
      method: 'POST',
      headers,
      body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
      signal: AbortSignal.timeout(answerMs),
    })
      .then((response) => response.json())
      .catch(() => {
        this.#setUp(false);
        throw new CallError('call.timeout', 'The server does not answer.');
      });
    const { result, error } = answer as {
      readonly result?: unknown;
      readonly error?: { readonly message: string; readonly data: { readonly code: string } };
    };
    // The token holds no more: as nobody the page may come in again.
    if (error !== undefined && outCodes.has(error.data.code)) this.#keep(null);
    this.#setUp(true);
    if (error === undefined) return result;
    throw new CallError(error.data.code, error.message);
  }

  choose(character: string): Promise<unknown> {
    return this.call('character.choose', { name: character });
  }

  async enter(ticket: string, name: string): Promise<Entered> {
    const entered = (await this.call('match.enter', name === '' ? { ticket } : { ticket, name })) as Entered;
    this.#keep(entered.resume);
    this.#atTable = true;
    this.#since = 0;
    this.#soon(0);
    return entered;
  }

  async leave(): Promise<void> {
    this.#atTable = false;
    await this.call('zone.leave').finally(() => this.#keep(null));
  }

  #keep(token: string | null): void {
    this.#token = token;
    resumeStorage.set(token);
  }

  async renew(): Promise<void> {
    this.#atTable = false;
    this.#keep(null);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => void this.#look(), ms);
  }

  /** Asks what has changed; away from a table only whether the node is there. */
  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      if (this.#atTable) this.#show((await this.call('zone.objects', { since: this.#since })) as Seen);
      else if (this.#isUp !== true) await this.call('host.ping');
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (this.#atTable && outCodes.has(error.code)) {
        this.#atTable = false;
        this.#heard.out();
      }
    }
    this.#soon(lookMs);
  }

  #show({ objects }: Seen): void {
    if (this.#closed || !this.#atTable) return;
    for (const { id, kind, state, changed } of objects) {
      this.#since = Math.max(this.#since, changed);
      if (kind === 'board') this.#heard.board({ id, state });
    }
  }

  #setUp(up: boolean): void {
    if (up === this.#isUp || this.#closed) return;
    this.#isUp = up;
    if (up) this.#heard.up();
    else this.#heard.down('call.timeout', false);
  }
}
