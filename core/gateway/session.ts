/** One live connection: who, budgets, where. */
import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Json, JsonObject } from '../contract/content.ts';
import { type ErrorCode, errorTable } from '../contract/errors.ts';
import type { Line, ZoneId } from '../contract/link.ts';
import type { Account, Clock, Dispatch, Session, Zones } from '../contract/ports.ts';
import type { Answer } from '../contract/protocol.ts';
import type { Allowance } from './allowances.ts';
import type { Player } from './player.ts';
import type { Form } from './view/fragments.ts';
import type { Spot } from './view/viewer.ts';

/** How a session reaches its client. */
export type Door = {
  readonly via: Session['via'];
  send(event: string, data: Json): void;
  /** Writes a socket.io packet that is already encoded; undefined where nothing listens. */
  readonly write: ((packet: string) => void) | undefined;
  /** Takes what happened round its character, a list of `ev` as JSON, where nothing is written to it. */
  readonly events?: (list: string) => void;
  /** How its client reads moves. */
  readonly form: Form;
  waitingBytes(): number;
  /** Ends the connection. A client that does not read is not waited for. */
  close(code: string): void;
};

/** What all sessions share. */
export type SessionHost = {
  readonly dispatch: () => Dispatch;
  readonly zones: Zones;
  readonly clock: Clock;
  readonly callsInFlight: number;
  /** A call was refused before it was looked at. */
  readonly refused: (code: ErrorCode) => void;
  /** What the call that runs now wants to do once its answer was sent. */
  readonly calls: AsyncLocalStorage<(() => void)[]>;
};

/** Has the browser keep a token, or forget it with null. */
type Keep = (token: string | null, maxAgeS: number) => void;

const noPrivileges: ReadonlySet<string> = new Set();
/** What no privilege stands for, whatever else it may do. */
const notGranted: ReadonlySet<string> = new Set(['bot', 'server']);

/** JSON of the fields of an input: it is what a player's fingers do in a twentieth of a second. */
const mostInputBytes = 1024;

export class LiveSession implements Session {
  readonly id: string;
  readonly via: Session['via'];
  readonly address: string;
  readonly loopback: boolean;
  readonly page: boolean;
  /** Who is logged in. */
  account: Account | null = null;
  /** Who plays here. Changes with the login, and when another connection's character is resumed. */
  player: Player;
  /** It came when all places were taken that are not for those with priority. */
  crowded = false;
  /** The zone that it looks at without a character, and from where. */
  watching: ZoneId | null = null;
  spot: Spot | null = null;
  /** Monotonic milliseconds of the last call, for sessions that nothing else keeps alive. */
  lastMs: number;
  /** Monotonic milliseconds since when it is in no zone. */
  idleSinceMs: number;
  /** Monotonic milliseconds when it was opened. */
  readonly openedMs: number;
  /** Settles when it is known who came, and the character of an earlier connection was taken back, or not: calls wait for it. */
  resuming: Promise<void> | undefined;
  closed = false;
  readonly #door: Door;
  readonly #host: SessionHost;
  readonly #privileges: ReadonlySet<string>;
  readonly #allowance: Allowance;
  /** By call over HTTP what sets the cookie of its answer: of several at once none sets that of another. */
  readonly #keeps = new WeakMap<object, Keep>();
  #inFlight = 0;

  constructor(
    id: string,
    address: string,
    { loopback, page }: { readonly loopback: boolean; readonly page: boolean },
    player: Player,
    door: Door,
    host: SessionHost,
    allowance: Allowance,
    privileges = noPrivileges,
  ) {
    this.id = id;
    this.via = door.via;
    this.address = address;
    this.loopback = loopback;
    this.page = page;
    this.player = player;
    this.#door = door;
    this.#host = host;
    this.#privileges = privileges;
    const nowMs = host.clock.monotonicMs();
    this.lastMs = nowMs;
    this.idleSinceMs = nowMs;
    this.openedMs = nowMs;
    this.#allowance = allowance;
  }

  get owner(): string {
    return this.player.owner;
  }

  get name(): string | null {
    return this.player.name;
  }

  get zone(): string | null {
    return this.player.zone;
  }

  get character(): string | null {
    return this.player.character;
  }

  get write(): ((packet: string) => void) | undefined {
    return this.#door.write;
  }

  get events(): ((list: string) => void) | undefined {
    return this.#door.events;
  }

  /** There is a connection: what is sent to it is heard. */
  get listens(): boolean {
    return this.via === 'socket' || this.via === 'text';
  }

  get form(): Form {
    return this.#door.form;
  }

  /** Of the connection and its login, not of the player: who takes a character back takes no privileges. */
  has(privilege: string): boolean {
    if (this.#privileges.has(privilege)) return true;
    if (!this.account?.trusted) return false;
    const { privileges } = this.account;
    return privileges.includes(privilege) || (privileges.includes('admin') && !notGranted.has(privilege));
  }

  keep(token: string | null, maxAgeS: number): boolean {
    const call = this.#host.calls.getStore();
    const keepIt = call && this.#keeps.get(call);
    keepIt?.(token, maxAgeS);
    return keepIt !== undefined;
  }

  send(event: string, data: Json): void {
    if (!this.closed) this.#door.send(event, data);
  }

  afterAnswer(work: () => void): void {
    const waiting = this.#host.calls.getStore();
    if (waiting === undefined) work();
    else waiting.push(work);
  }

  /** Calls that wait for an answer. */
  get inFlight(): number {
    return this.#inFlight;
  }

  waitingBytes(): number {
    return this.#door.waitingBytes();
  }

  hear(line: Line): void {
    this.player.hear(line);
  }

  /** Tells the client why, and ends the connection. A code that is a plugin's brings its own words. */
  end(code: ErrorCode | (string & {}), message?: string): void {
    if (this.closed) return;
    this.send('notice', { code, message: message ?? errorTable[code as ErrorCode] ?? code });
    this.#door.close(code);
  }

  /**
   * Calls a method within the budgets of this session.
   * @param answer  Is given every outcome once; what the call left for afterwards runs when it returns.
   * @param keepIt  Sets the cookie of the answer.
   */
  async call(method: string, params: unknown, answer: (answer: Answer) => void, keepIt?: Keep): Promise<void> {
    const nowMs = this.#host.clock.monotonicMs();
    this.lastMs = nowMs;
    if (!this.#allowance.calls.take(nowMs)) return answer(this.#refuse('call.too-fast'));
    if (this.#inFlight >= this.#host.callsInFlight) return answer(this.#refuse('call.too-many'));
    this.#inFlight += 1;
    const after: (() => void)[] = [];
    if (keepIt) this.#keeps.set(after, keepIt);
    try {
      if (this.resuming !== undefined) await this.resuming;
      const answered = this.#host.calls.run(after, () => this.#host.dispatch().call(this, method, params));
      // Without the wait for what is there: a promise and a turn of the queue for every call.
      answer(answered instanceof Promise ? await answered : answered);
    } finally {
      this.#inFlight -= 1;
      for (const work of after) work();
    }
  }

  #refuse(code: ErrorCode): Answer {
    this.#host.refused(code);
    return refusal(code);
  }

  /**
   * Takes an input message: it goes straight to the zone, the newest of a tick wins.
   * @param text  The JSON it was read from, when that is known.
   * @returns Undefined when it was taken or too many came, else the code of what is wrong with it.
   */
  input(message: unknown, text?: string): ErrorCode | undefined {
    const nowMs = this.#host.clock.monotonicMs();
    this.lastMs = nowMs;
    if (typeof message !== 'object' || message === null || Array.isArray(message)) return 'call.malformed';
    const { seq, ...fields } = message as { readonly seq?: unknown } & JsonObject;
    if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) return 'call.bad-params';
    // Escapes hide what a text says, and spaces how short it is.
    const json = text && text.length <= mostInputBytes && !text.includes('\\') ? text : JSON.stringify(fields);
    if (json.length > mostInputBytes || json.includes('"__proto__"')) return 'call.bad-params';
    const { zone, character, owner } = this.player;
    if (zone === null || character === null) return 'zone.none';
    if (this.#allowance.inputs.take(nowMs))
      this.#host.zones.tell(zone, { type: 'input', owner, character, seq, input: fields });
    return undefined;
  }
}

export function refusal(code: ErrorCode): Answer {
  return { ok: false, error: { code, message: errorTable[code] } };
}
