/** One run: players come in one after another, step at their rate, and leave together. */
import { setMaxListeners } from 'node:events';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { CallError } from '../client/client.ts';
import { HostError } from '../contract/errors.ts';
import { Book } from './book.ts';
import type { Behaviour, Options, Run, Scenario } from './definition.ts';
import { HttpConnection, type HttpReply } from './http.ts';
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
  /** Then what is under way is not waited for either. */
  readonly atOnce?: AbortSignal;
  /** Tells of what a scenario throws where nobody can catch it, also when the run is over: then nobody minds. */
  readonly strays?: (listen: (error: unknown) => void) => void;
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
  /** `signal` ended it before its time. */
  readonly isEarly: boolean;
};

/** What is under way when the time is over has so long to end. */
const endLimitMs = 30_000;
/** Before a client that could not come in tries again. */
const againMs = 1_000;

/** @throws HostError `config.wrong` when nothing answers, and what a scenario throws that is at fault */
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
  /** Those that have come and not left. */
  readonly #here = new Set<LoadPlayer>();
  #isEarly = false;
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
    return await this.#ask(request).catch((error: unknown) => {
      if (!(error instanceof RequestError)) throw error;
      return undefined;
    });
  }

  /** @throws RequestError */
  async #ask(request: Parameters<Run['look']>[0]): Promise<HttpReply> {
    const http = new HttpConnection(this.url);
    return await http.send(request, this.#givenUp.signal).finally(() => http.close());
  }

  thread(): ReturnType<Run['thread']> {
    return this.#book.thread();
  }

  async start(): Promise<Outcome> {
    const { signal, atOnce, strays } = this.#settings;
    const undo = [
      heed(signal, () => {
        this.#isEarly = !this.#over.signal.aborted;
        this.#end();
      }),
      heed(atOnce, () => this.#giveUp()),
    ];
    strays?.((error) => this.#stray(error));
    // A scenario that waits for what never comes is waited for: it is for Ctrl-C to end it.
    const awake = setInterval(() => {}, 60_000);
    try {
      return await this.#run(new Date());
    } finally {
      clearInterval(awake);
      for (const one of undo) one();
    }
  }

  async #run(startedAt: Date): Promise<Outcome> {
    const { clients, seed } = this.#settings;
    const shared = await Promise.race([this.#prepare(), aborted(this.#over.signal)]);
    const names = new Random(Math.random() * 2 ** 32);
    const players = Array.from({ length: clients }, (_, number) => {
      const random = new Random(seed + number + 1);
      return new LoadPlayer({ number, run: this, book: this.#book, random, names, signal: this.#givenUp.signal });
    });
    const stopClock = this.#startClock();
    try {
      const lives = Promise.all(players.map((player) => this.#live(player, shared)));
      await Promise.race([lives, aborted(this.#givenUp.signal)]);
    } finally {
      stopClock();
      this.#giveUp();
      for (const player of players) player.close();
      this.#book.close(this.#settings.atOnce?.aborted);
    }
    if (this.#fault) throw this.#fault.error;
    const seconds = Math.max(0, this.#overMs - this.#measuredFromMs) / 1_000;
    const tool = this.#figures ?? this.#tool.stop();
    const [came, isEarly] = [this.#came, this.#isEarly];
    return { options: this.#settings, book: this.#book, tool, startedAt, seconds, came, isEarly };
  }

  async #prepare(): Promise<unknown> {
    try {
      await this.#ask({ path: '/' });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.fail(`Cannot load ${this.url}: nothing answers there (${error.message || error.code})`);
    }
    return await this.#settings.scenario.prepare?.(this);
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
    const late = setTimeout(() => {
      for (const player of this.#here)
        player.error(
          'load.unfinished',
          `its step, or its end, was not over ${endLimitMs / 1_000} s after the time was`,
        );
      this.#giveUp();
    }, endLimitMs);
    this.#givenUp.signal.addEventListener('abort', () => clearTimeout(late));
  }

  /** Nothing is waited for any more. */
  #giveUp(): void {
    this.#end();
    this.#givenUp.abort();
  }

  /** A request that nobody waits for is counted when it fails, as all are. */
  #stray(error: unknown): void {
    if (this.#givenUp.signal.aborted || error instanceof RequestError || error instanceof CallError) return;
    this.#break(error);
  }

  /** A fault of the scenario: there is nothing to be learned from the rest. */
  #break(error: unknown): void {
    this.#fault ??= { error };
    this.#giveUp();
  }

  async #live(player: LoadPlayer, shared: unknown): Promise<void> {
    const { clients, rampSeconds } = this.#settings;
    const { timeline } = this.#book;
    try {
      const behaviour = await this.#comeIn(player, shared, (player.number * rampSeconds * 1_000) / clients);
      if (behaviour === undefined) return;
      this.#came += 1;
      this.#here.add(player);
      timeline.players += 1;
      await this.#steps(player, behaviour);
      player.leaving();
      await this.#guard(player, async () => behaviour.end?.());
      this.#here.delete(player);
      timeline.players -= 1;
    } catch (error) {
      this.#break(error);
    }
  }

  /** Undefined when the time was over before it was let in. */
  async #comeIn(player: LoadPlayer, shared: unknown, afterMs: number): Promise<Behaviour | undefined> {
    let waitMs = this.#startMs + afterMs - performance.now();
    while (await this.#wait(waitMs)) {
      let behaviour: Behaviour | undefined;
      await this.#guard(player, async () => {
        behaviour = checkBehaviour(await this.#settings.scenario.player(player, shared));
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
    // Steps that wait for nothing themselves, and are late, would let nothing else have its turn: no timer, no Ctrl-C.
    else await turn();
    return !signal.aborted;
  }
}

/** An object of a class may have what it likes; in one that is written out a slip in a name would never be called. */
function checkBehaviour(behaviour: Behaviour | undefined): Behaviour {
  const isWrittenOut = Object.getPrototypeOf(behaviour ?? {}) === Object.prototype;
  const slip = isWrittenOut && Object.keys(behaviour ?? {}).find((name) => name !== 'step' && name !== 'end');
  if (typeof behaviour?.step === 'function' && !slip) return behaviour;
  throw new TypeError(`A scenario's player gives back { step, end }${slip ? `, found "${slip}"` : ''}`);
}

/** @returns its undo */
function heed(signal: AbortSignal | undefined, act: () => void): () => void {
  if (signal?.aborted) act();
  else signal?.addEventListener('abort', act);
  return () => signal?.removeEventListener('abort', act);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
