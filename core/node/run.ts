/** One life of a zone in one worker, under one epoch: what was handed to it, and what it may say. */
import type { Game, Program, ZoneMap } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type {
  CallOutcome,
  Caution,
  Frame,
  HandlerNames,
  IdBlock,
  InboxItem,
  KindInfo,
  ObjectId,
  ObjectRow,
  ZoneContent,
  ZoneId,
} from '../contract/link.ts';
import { type Ask, isDurable, toItem } from './asks.ts';
import { Claims } from './claims.ts';
import { Outbox } from './outbox.ts';
import type { Worker } from './worker.ts';

/** What a zone is made from, as read last. */
export type LoadedContent = {
  readonly game: Game;
  readonly map: ZoneMap | null;
  readonly content: ZoneContent;
  /** The newest build of every file: builds.ts says which of them run. */
  readonly programs: readonly Program[];
};

export type RunOptions = {
  readonly zone: ZoneId;
  readonly epoch: number;
  readonly worker: Worker;
  readonly source: LoadedContent;
  readonly programs: readonly Program[];
  /** Proven builds that those on probation may go back to. */
  readonly former: readonly Program[];
  readonly caution: Caution;
  readonly objects: readonly ObjectRow[];
  readonly blocks: readonly IdBlock[];
  readonly objectsMost: number;
};

/** An answer of a tick that is out already; `durable` ones wait for their commit. */
export type Settled = { readonly ask: Ask; readonly outcome: CallOutcome; readonly durable: boolean };

/** Programs beside the present ones that a worker may still speak of, or go back to. */
const givenMost = 64;

/** Requests that a worker may have in hand of one zone. */
const callsMost = 10_000;

export class Run {
  readonly zone: ZoneId;
  readonly epoch: number;
  readonly worker: Worker;
  readonly claims: Claims;
  /** What the worker was given last. */
  source: LoadedContent;
  readonly caution: Caution;
  kinds: ReadonlyMap<string, KindInfo> = new Map();
  /** What it was given last. */
  programs: readonly Program[];
  /** The worker loads what it was given: its handlers are not known yet. */
  changing = true;
  /** What the handler numbers of blame lines stand for. */
  handlers: HandlerNames = [];
  /** Scripts that did something wrong by themselves, `name build`, and how often their objects did. */
  readonly faulty = new Set<string>();
  readonly faults = new Map<ObjectId, number>();
  #former: readonly Program[];
  /** Everything it was given in this life, by path and build, the newest last. */
  readonly #given = new Map<string, Program>();
  tick = 0;
  nextDue: number | null = null;
  /** Settles with `loaded`, or rejects with why not. */
  readonly loaded = Promise.withResolvers<void>();
  /** Objects whose move was started: move → object. */
  readonly moves = new Map<number, ObjectId>();
  /** Durable answers that wait for the next persist set. */
  unsaved: Settled[] = [];
  readonly #calls = new Map<number, Ask>();
  readonly #outbox: Outbox;
  #lastCall = 0;
  #over = false;

  constructor(options: RunOptions) {
    const { zone, epoch, worker, source, objects, blocks, objectsMost } = options;
    this.programs = options.programs;
    this.#former = options.programs.map((one) => options.former.find(({ path }) => path === one.path) ?? one);
    this.caution = options.caution;
    this.#note(this.#former);
    this.#note(this.programs);
    this.zone = zone;
    this.epoch = epoch;
    this.worker = worker;
    this.source = source;
    this.claims = new Claims({ objects, blocks, objectsMost });
    this.#outbox = new Outbox({ send: (items) => worker.send({ type: 'items', zone, epoch, items }) });
    // Whoever waits hears of it; a load that nobody waits for any more fails unheard.
    this.loaded.promise.catch(() => {});
  }

  /** Other programs are given; what runs now is what it may go back to. */
  swap(programs: readonly Program[]): void {
    this.#former = this.programs;
    this.programs = programs;
    this.#note(programs);
    this.changing = true;
    this.handlers = [];
  }

  /**
   * The worker has gone back to what ran before.
   * @param kinds  What runs there, as it says: of several swaps in a row only it knows which were settled.
   */
  goBack(kinds: readonly KindInfo[] = []): void {
    this.programs = this.#former.map((former) => {
      const runs = kinds.find(({ kind }) => former.role === 'object' && kind === former.name);
      return (runs && this.#given.get(keyOf(former.path, runs.build))) ?? former;
    });
  }

  #note(programs: readonly Program[]): void {
    for (const program of programs) {
      const key = keyOf(program.path, program.build);
      this.#given.delete(key);
      this.#given.set(key, program);
    }
    for (const key of this.#given.keys()) {
      if (this.#given.size <= programs.length + givenMost) break;
      this.#given.delete(key);
    }
  }

  /** Something that it was given in this life: what a worker says may cross with what it is given. */
  given(fits: (program: Program) => boolean): Program | undefined {
    return this.programs.find(fits) ?? [...this.#given.values()].find(fits);
  }

  /** There is another build that it may go back to. */
  mayGoBack({ path, build }: Program): boolean {
    return this.#former.some((former) => former.path === path && former.build !== build);
  }

  /** The worker has put it to rest. */
  rest(program: Program, resting: string): void {
    this.programs = this.programs.map((one) => (one === program ? { ...one, resting } : one));
  }

  /** Sends a request. @param again  Called when the worker went away before it had it. */
  hand(ask: Ask): void {
    if (this.#calls.size >= callsMost) return ask.refuse(new HostError('zone.unavailable'));
    const call = ++this.#lastCall;
    this.#calls.set(call, ask);
    if (ask.ask.type === 'join') this.claims.admit(ask.ask.owner, ask.ask.character);
    this.#outbox.push(toItem(ask.ask, call), () => {
      this.#calls.delete(call);
      ask.refuse(new HostError('zone.unavailable'));
    });
  }

  push(item: InboxItem): void {
    this.#outbox.push(item);
  }

  /** Calls of the frame that nobody made, in words; null when there are none. */
  foreignCall(frame: Frame): string | null {
    for (const { call } of frame.outcomes)
      if (!this.#calls.has(call)) return `an answer to call ${call}, which nobody made`;
    if (frame.taken.length > 0 && frame.keep === null) return 'objects taken without what else has changed';
    for (const { move, objects } of frame.taken) {
      const object = this.moves.get(move);
      if (object === undefined) return `objects of move ${move}, which nobody wanted`;
      if (objects.length > 0 && !objects.some(({ id }) => id === object))
        return `another object than move ${move} wanted`;
    }
    return null;
  }

  /** Takes the answered calls out. */
  settle(frame: Frame): readonly Settled[] {
    return frame.outcomes.map((outcome) => {
      const ask = this.#calls.get(outcome.call) as Ask;
      this.#calls.delete(outcome.call);
      return { ask, outcome, durable: isDurable(ask.ask, outcome) };
    });
  }

  /** Ends it: calls not handed to the worker are given back with the other items that it did not get, the rest is interrupted. */
  end(): { readonly asks: readonly Ask[]; readonly items: readonly InboxItem[] } {
    this.#over = true;
    const items = this.#outbox.close();
    const asks: Ask[] = [];
    const rest: InboxItem[] = [];
    for (const item of items) {
      const ask = 'call' in item ? this.#calls.get(item.call) : undefined;
      if (ask && 'call' in item) {
        this.#calls.delete(item.call);
        asks.push(ask);
      } else rest.push(item);
    }
    const lost = [...this.#calls.values(), ...this.unsaved.map(({ ask }) => ask)];
    this.#calls.clear();
    this.unsaved = [];
    for (const ask of lost) ask.refuse(new HostError('zone.interrupted', undefined, { outcome: 'unknown' }));
    return { asks, items: rest };
  }

  /** Whether it was ended. */
  get over(): boolean {
    return this.#over;
  }

  /** Requests that the worker has, or is being sent. */
  get handed(): number {
    return this.#calls.size;
  }

  /** Whether it waits for anything of the worker. */
  get busy(): boolean {
    return this.#calls.size > 0 || this.moves.size > 0 || this.unsaved.length > 0;
  }
}

function keyOf(path: string, build: string): string {
  return `${path} ${build}`;
}
