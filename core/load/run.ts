/** One run: players come in one after another, step at their rate, and leave together. */
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { CallError } from '../client/client.ts';
import { HostError } from '../contract/errors.ts';
import { Book } from './book.ts';
import type { Behaviour, Options, Run, Scenario } from './definition.ts';
import { HttpConnection } from './http.ts';
import { LoadPlayer } from './player.ts';
import { Random } from './random.ts';
import { RequestError } from './request-error.ts';
import { type ToolFigures, ToolMeter } from './tool.ts';

export type RunOptions = {
  readonly scenario: Scenario;
  /** What it is called: `turn`, or its file. */
  readonly name: string;
  /** Without a slash at the end. */
  readonly url: string;
  readonly clients: number;
  /** Steps a second of each client. */
  readonly rate: number;
  /** That are measured, from when all clients have come. */
  readonly seconds: number;
  /** In which they come. */
  readonly rampSeconds: number;
  readonly options: Options;
  readonly seed: number;
  /** Ends it early; what was measured until then is the outcome. */
  readonly signal?: AbortSignal;
  /** Once a second. */
  readonly watch?: (book: Book) => void;
};

export type Outcome = {
  readonly options: RunOptions;
  readonly book: Book;
  readonly tool: ToolFigures;
  readonly startedAt: Date;
  /** That were measured. */
  readonly seconds: number;
  /** Clients that came in. */
  readonly came: number;
};

/** What is under way when the time is over has so long to end. */
const endLimitMs = 30_000;
/** Before a client that could not come in tries again. */
const againMs = 1_000;

/** @throws HostError `config.wrong` when nothing answers, or the scenario is at fault */
export async function runLoad(options: RunOptions): Promise<Outcome> {
  return await new LoadRun(options).start();
}

class LoadRun implements Run {
  readonly url: string;
  readonly players: number;
  readonly rate: number;
  readonly options: Options;
  readonly random: Random;
  readonly #settings: RunOptions;
  readonly #book = new Book(() => performance.now());
  readonly #tool = new ToolMeter();
  /** Aborted when the time is over. */
  readonly #over = new AbortController();
  /** Aborted when nothing is waited for any more. */
  readonly #givenUp = new AbortController();
  #startMs = 0;
  #measuredFromMs = Number.POSITIVE_INFINITY;
  #overMs = Number.POSITIVE_INFINITY;
  #figures: ToolFigures | undefined;
  #came = 0;
  #fault: { readonly error: unknown } | undefined;

  constructor(settings: RunOptions) {
    this.#settings = settings;
    this.url = settings.url;
    this.players = settings.clients;
    this.rate = settings.rate;
    this.options = settings.options;
    this.random = new Random(settings.seed);
    for (const { signal } of [this.#over, this.#givenUp]) setMaxListeners(0, signal);
  }

  fail(why: string): never {
    throw new HostError('config.wrong', why);
  }

  async look(request: Parameters<Run['look']>[0]): ReturnType<Run['look']> {
    const http = new HttpConnection(this.url);
    try {
      return await http.send(request, this.#givenUp.signal);
    } catch (error) {
      if (error instanceof RequestError) return undefined;
      throw error;
    } finally {
      http.close();
    }
  }

  thread(): ReturnType<Run['thread']> {
    return this.#book.thread();
  }

  async start(): Promise<Outcome> {
    const startedAt = new Date();
    const { scenario, clients, seed, signal } = this.#settings;
    if ((await this.look({ path: '/' })) === undefined) this.fail(`Cannot load ${this.url}: nothing answers there`);
    const shared = await scenario.prepare?.(this);
    const names = new Random(Math.random() * 2 ** 32);
    const players = Array.from({ length: clients }, (_, number) => {
      const random = new Random(seed + number + 1);
      return new LoadPlayer({ number, run: this, book: this.#book, random, names, signal: this.#givenUp.signal });
    });
    const stopClock = this.#startClock();
    const stop = () => this.#end();
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    try {
      const lives = Promise.all(players.map((player) => this.#live(player, shared)));
      await Promise.race([lives, aborted(this.#givenUp.signal)]);
    } finally {
      stopClock();
      signal?.removeEventListener('abort', stop);
      this.#end();
      this.#givenUp.abort();
      for (const player of players) player.close();
      this.#book.close();
    }
    if (this.#fault) throw this.#fault.error;
    const seconds = Math.max(0, this.#overMs - this.#measuredFromMs) / 1_000;
    const tool = this.#figures ?? this.#tool.stop();
    return { options: this.#settings, book: this.#book, tool, startedAt, seconds, came: this.#came };
  }

  #startClock(): () => void {
    const { rampSeconds, seconds, watch } = this.#settings;
    this.#startMs = performance.now();
    this.#book.timeline.start();
    const measure = setTimeout(() => this.#measure(), rampSeconds * 1_000);
    const end = setTimeout(() => this.#end(), (rampSeconds + seconds) * 1_000);
    const look = setInterval(() => {
      this.#book.timeline.roll();
      watch?.(this.#book);
    }, 1_000);
    return () => {
      clearTimeout(measure);
      clearTimeout(end);
      clearInterval(look);
    };
  }

  #measure(): void {
    if (this.#over.signal.aborted) return;
    this.#measuredFromMs = performance.now();
    this.#book.isMeasuring = true;
    this.#tool.start();
  }

  #end(): void {
    if (this.#over.signal.aborted) return;
    this.#overMs = performance.now();
    this.#figures = this.#tool.stop();
    this.#over.abort();
    const late = setTimeout(() => this.#givenUp.abort(), endLimitMs);
    this.#givenUp.signal.addEventListener('abort', () => clearTimeout(late));
  }

  async #live(player: LoadPlayer, shared: unknown): Promise<void> {
    const { clients, rampSeconds } = this.#settings;
    const { timeline } = this.#book;
    try {
      const behaviour = await this.#comeIn(player, shared, (player.number * rampSeconds * 1_000) / clients);
      if (behaviour === undefined) return;
      this.#came += 1;
      timeline.players += 1;
      await this.#steps(player, behaviour);
      player.leaving();
      await this.#guard(player, async () => behaviour.end?.());
      timeline.players -= 1;
    } catch (error) {
      // A fault of the scenario: there is nothing to be learned from the rest.
      this.#fault ??= { error };
      this.#end();
      this.#givenUp.abort();
    }
  }

  /** Undefined when the time was over before it was let in. */
  async #comeIn(player: LoadPlayer, shared: unknown, afterMs: number): Promise<Behaviour | undefined> {
    let waitMs = this.#startMs + afterMs - performance.now();
    while (await this.#wait(waitMs)) {
      let behaviour: Behaviour | undefined;
      await this.#guard(player, async () => {
        behaviour = await this.#settings.scenario.player(player, shared);
        if (typeof behaviour?.step !== 'function') throw new TypeError("A scenario's player gives back { step, end }");
      });
      if (behaviour) return behaviour;
      waitMs = againMs;
    }
    return undefined;
  }

  async #steps(player: LoadPlayer, behaviour: Behaviour): Promise<void> {
    const everyMs = 1_000 / this.rate;
    // Not all at the same moment, whatever the ramp is.
    let dueMs = performance.now() + player.random.next() * everyMs;
    for (; await this.#wait(dueMs - performance.now()); dueMs += everyMs) {
      player.begin(dueMs);
      await this.#guard(player, async () => behaviour.step());
    }
    this.#book.stepsMissed += Math.max(0, Math.floor((this.#overMs - dueMs) / everyMs));
  }

  /** Failed requests are in the book already; those that the client library made itself come into it. @throws whatever else is thrown */
  async #guard(player: LoadPlayer, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#givenUp.signal.aborted || error instanceof RequestError) return;
      if (!(error instanceof CallError)) throw error;
      player.error(error.code, error.message);
    }
  }

  /** False when the time is over. */
  async #wait(ms: number): Promise<boolean> {
    const { signal } = this.#over;
    if (ms > 0 && !signal.aborted) await pause(ms, undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
