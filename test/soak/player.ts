/** A player behind the client library: comes back by itself, and asks again until it is answered. */

import { CallError, type Client, connect, type MirrorObject } from '../../core/client/client.ts';
import type { Json, JsonObject } from '../../core/contract/content.ts';
import type { Ledger } from './ledger.ts';
import type { Login } from './login.ts';
import type { Random } from './random.ts';
import { sleep } from './wait.ts';

/** Refusals that only say: not now. Any other is a fault of the server. */
const passing =
  /^(client\.|call\.(timeout|too-fast|too-many|forbidden|disabled|unknown-method)|zone\.|session\.|store\.|name\.|object\.(suspended|failed|not-found|no-character|unknown-method))/;

/** A client in no zone for so long is helped: the library gives up after some 15 s. */
const strandedMs = 10_000;
const lookMs = 50;

export type Setting = {
  readonly ledger: Ledger;
  readonly random: Random;
  readonly url: string;
  /** The account it plays with; a guest has none. */
  readonly login?: Login | undefined;
};

export class Player {
  readonly name: string;
  readonly home: string;
  readonly client: Client;
  readonly login: Login | undefined;
  /** Deltas in which the zone's pulse had beaten. */
  beats = 0;
  /** Longest time between two of these, in milliseconds, since it was last set to 0. */
  longestMs = 0;
  protected readonly ledger: Ledger;
  protected readonly random: Random;
  protected stopping = false;
  #lastBeat = -1;
  #resyncs = 0;
  #beatMs = 0;
  #elsewhereMs = 0;
  readonly #work: Promise<void>[] = [];

  constructor({ ledger, random, url, login }: Setting, name: string, home: string) {
    this.ledger = ledger;
    this.random = random;
    this.name = name;
    this.home = home;
    this.login = login;
    this.client = connect({ url, transports: ['websocket'], token: login && (() => login.token) });
    this.client.on('snapshot', () => this.#checkSame());
    this.client.on('delta', () => this.#hearPulse());
    this.client.on('delta', () => this.#countResyncs());
    this.client.on('snapshot', () => this.#hearPulse());
  }

  /** Comes in, and stays in until the end. */
  async start(): Promise<void> {
    await this.#enter();
    this.run(() => this.#stay());
  }

  /** Connected, in a zone, with its character in view. */
  get ready(): boolean {
    return this.client.stats.connected && this.client.self !== undefined && this.client.zone !== undefined;
  }

  get owner(): string | null {
    return this.client.self?.owner ?? null;
  }

  find(kind: string, fits: (object: MirrorObject) => boolean = () => true): MirrorObject | undefined {
    for (const object of this.client.objects.values()) if (object.kind === kind && fits(object)) return object;
    return undefined;
  }

  /** Does this again and again until the end. */
  protected run(step: () => Promise<void>): void {
    this.#work.push(
      (async () => {
        while (!this.stopping) {
          await step();
          await sleep(lookMs);
        }
      })(),
    );
  }

  /**
   * Asks until it is acknowledged, the same call with the same `once`.
   * @param known  What the world says when the player has become somebody else meanwhile, whose `once` is another: the
   *   outcome when the call had been carried out, undefined when it had not.
   */
  protected async insist(
    call: () => Promise<Json>,
    known: () => Promise<Json | undefined>,
  ): Promise<{ readonly result: Json } | undefined> {
    let owner: string | null = null;
    while (!this.stopping || owner !== null) {
      await this.untilReady();
      if (!this.ready) return undefined;
      try {
        if (owner !== null && owner !== this.owner) {
          const result = await known();
          this.ledger.ownersLost++;
          if (result !== undefined) return { result };
        }
        owner = this.owner;
        return { result: await call() };
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        this.ledger.refused(error.code);
        if (!passing.test(error.code)) this.ledger.wrong('other', `${this.name}: ${error.code}: ${error.message}`);
        await sleep(this.random.between(50, 300));
      }
    }
    return undefined;
  }

  /** Waits until it is in a zone; no longer than the server may be away. */
  protected async untilReady(): Promise<void> {
    for (const until = performance.now() + 60_000; !this.ready && performance.now() < until; ) await sleep(lookMs);
  }

  /** Lets what is under way come to its end. */
  async finish(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.#work);
  }

  close(): void {
    this.stopping = true;
    this.client.close();
  }

  async #enter(zone = this.home): Promise<void> {
    try {
      await this.client.enter(zone, this.name);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.ledger.refused(error.code);
      if (!passing.test(error.code)) this.ledger.wrong('other', `${this.name}: ${error.code}: ${error.message}`);
      if (error.code === 'name.taken') await this.client.enter(zone);
    }
  }

  /** After its login was ended, or somebody had its place: the library waits to be asked. */
  async comeBack(): Promise<void> {
    await this.#enter();
  }

  /** With an account it is the same character for ever. */
  #checkSame(): void {
    const { login, owner } = this;
    if (login === undefined || owner === null) return;
    login.owner ??= owner;
    if (login.owner !== owner) this.ledger.wrong('loss', `${this.name} was ${login.owner} and is ${owner}`);
  }

  async #stay(): Promise<void> {
    if (this.ready || !this.client.stats.connected) this.#elsewhereMs = performance.now();
    if (performance.now() - this.#elsewhereMs < strandedMs) return;
    this.#elsewhereMs = performance.now();
    await this.#enter();
  }

  /** Goes to another zone as a stranger to it: leaves its character behind. */
  protected async visit(zone: string): Promise<void> {
    await this.#enter(zone);
  }

  protected act(id: string, method: string, params: JsonObject, once: string): Promise<Json> {
    return this.client.act(id, method, params, { once });
  }

  /** The server and the library must not differ in what is to be seen. */
  #countResyncs(): void {
    const { resyncs, tick } = this.client.stats;
    if (resyncs === this.#resyncs) return;
    this.#resyncs = resyncs;
    this.ledger.wrong('other', `${this.name} sees something else than ${this.client.zone} has, before tick ${tick}`);
  }

  #hearPulse(): void {
    const beat = Number(this.find('pulse')?.state.beats ?? -1);
    if (beat === this.#lastBeat) return;
    this.#lastBeat = beat;
    const now = performance.now();
    if (this.#beatMs > 0) this.longestMs = Math.max(this.longestMs, now - this.#beatMs);
    this.#beatMs = now;
    this.beats++;
  }
}
