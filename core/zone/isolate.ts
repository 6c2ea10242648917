/**
 * The isolate of a zone over its life: loaded, swapped for new programs, rebuilt after a stop, and left out for a while
 * when it is stopped again and again by nobody who could be named.
 */
import type { Program } from '../contract/content.ts';
import type {
  CreateSandbox,
  Entered,
  LoadIn,
  LoadOut,
  Sandbox,
  SandboxFault,
  SandboxOptions,
  TickIn,
  TickOut,
} from '../contract/driver.ts';
import type { RecordLine, ScriptReport } from '../contract/link.ts';
import type { Clock } from '../contract/ports.ts';
import { faultInWords } from './fault.ts';

/** Marks the beginning and end of every entry, for the watchdog and the node's blame. */
export interface Blame {
  enter(tick: number, limitMs: number): void;
  leave(): void;
  /** Milliseconds since which the running handler runs, to some 20 ms; asked between the two. Absent: nobody watches. */
  handlerMs?(): number;
  /** Careful mode: a line to the node before each handler, and before a physics step. */
  careful?(slot: number, handler: number): void;
  /** A line of the recording. */
  recorded?(tick: number, record: RecordLine): void;
  physics?(tick: number): void;
}

/** Which entry was stopped, and which handler the blame words name: the one that ran, or one of a kind that used more. */
export type Stop = {
  readonly fault: SandboxFault;
  /** Of the object whose handler ran; -1: the zone itself, or none. */
  readonly slot: number;
  readonly number: number;
  /** Which of the tick's calls and inputs it served, from 0; -1: none. */
  readonly asked: number;
  /** The handler's name, when it was the entry of a loaded isolate. */
  readonly by: LoadOut['handlers'][number] | null;
  /** CPU milliseconds of that handler, as far as anybody knows. */
  readonly handlerMs: number;
  /** They are those of all handlers of its kind, and another kind's was stopped. */
  readonly spread: boolean;
  /** CPU milliseconds of the whole entry. */
  readonly cpuMs: number;
  /** What the entry might have taken, in milliseconds of wall time. */
  readonly limitMs: number;
};

/** What an entry cost: CPU, and the wall time it took. */
export type OnEntry = (entered: Entered<LoadOut | TickOut>, wallMs: number, stop: Stop | null) => void;

export type IsolateOptions = {
  readonly createSandbox: CreateSandbox;
  readonly sandbox: SandboxOptions;
  readonly blame: Blame;
  readonly clock: Clock;
  /** What a new isolate is loaded with, from the truth outside. */
  readonly input: (programs: readonly Program[], reason: LoadIn['reason']) => LoadIn;
  /** Told of every entry, before anything follows from it. */
  readonly onEntry: OnEntry;
};

export type Swapped = { readonly taken: boolean; readonly out: Entered<LoadOut>; readonly stop: Stop | null };

export interface Isolate {
  /** Loads the first one, or one for changed content. The old one is dropped when the new one stands. */
  load(programs: readonly Program[], reason: LoadIn['reason'], tick: number): Swapped;
  /** Loads programs beside; takes over only when all of them can be used. */
  swap(programs: readonly Program[], tick: number): Swapped;
  /** Runs a tick. After a fault there is no isolate until `rebuild` or `revive`. */
  tick(input: TickIn): { readonly entered: Entered<TickOut>; readonly stop: Stop | null };
  /** Whether there is one to tick. */
  running(): boolean;
  /** Builds it again with these programs, now. */
  rebuild(programs: readonly Program[], tick: number): Swapped;
  /** A stop that nobody is to blame for: it is left out for a while when there are too many. */
  unblamed(time: number): void;
  /** Builds it again after such a stop when its time has come (Unix seconds). True when it is running anew. */
  revive(tick: number, time: number): boolean;
  /** Unix seconds from which `revive` would try, or null when it runs. */
  reviveAt(): number | null;
  /** Names of the handler numbers. */
  handlers(): LoadOut['handlers'];
  /** What the runtime knows beside the rows, for a checkpoint; null when there is none to ask. A fault ends it as in a tick. */
  mind(tick: number, time: number): string | null;
  stops(): SavedStops;
  /** Loads a first one that goes on where another was. */
  goOn(programs: readonly Program[], tick: number, mind: string, stops: SavedStops): Swapped;
  heap(): number;
  /** Ticks have less time while new builds prove themselves: nobody else waits long for one that hangs. */
  hurry(on: boolean): void;
  /** From now on no line is written before each handler: those who are built anew do not even look. */
  trust(): void;
  dispose(): void;
}

/** Stops that nobody was blamed for: Unix seconds of those in the last minute, and the last pause. */
export type SavedStops = { readonly times: readonly number[]; readonly pause: number; readonly last: number | null };

/** Part of the limit that a hurried tick may take: 50 of 200 ms, so that others are not more than two ticks late. */
const hurriedPart = 0.25;
/** Unblamed stops in a minute after which scripts are left out for a while, and how long at first and at most (seconds). */
const mostStops = 3;
const firstPause = 10;
const longestPause = 320;
const memory = 60;

/** What a new isolate is told of one before. */
type Known = Pick<LoadIn, 'mind' | 'before'>;

/** A worker has these; without them nobody knows which handler runs. */
const noWords: ArrayLike<number> = [-1, -1];

export function createIsolate(options: IsolateOptions): Isolate {
  const { createSandbox, blame, clock, input, onEntry } = options;
  let sandboxOptions = options.sandbox;
  let current: Sandbox | null = null;
  let programs: readonly Program[] = [];
  let handlers: LoadOut['handlers'] = [];
  let stops: number[] = [];
  let pause = 0;
  let lastStop = Number.NEGATIVE_INFINITY;
  let reviveAt: number | null = null;
  let isHurried = false;
  /** It has not ticked yet: `create` and `load` of everything are part of the first tick. */
  let isFresh = true;

  type Entry<T> = { readonly entered: Entered<T>; readonly stop: Stop | null };

  function enter<T extends LoadOut | TickOut>(
    tick: number,
    what: 'tick' | 'load',
    names: LoadOut['handlers'],
    run: () => Entered<T>,
    limitMs = what === 'tick' ? sandboxOptions.tickLimitMs : sandboxOptions.loadLimitMs,
  ): Entry<T> {
    blame.enter(tick, what === 'tick' ? sandboxOptions.tickLimitMs : sandboxOptions.loadLimitMs);
    const startMs = clock.monotonicMs();
    try {
      const entered = inWords(run(), what, limitMs);
      const wallMs = clock.monotonicMs() - startMs;
      const stop = entered.kind === 'fault' ? toStop(entered, wallMs, names, limitMs) : null;
      onEntry(entered, wallMs, stop);
      return { entered, stop };
    } finally {
      blame.leave();
    }
  }

  function inWords<T>(entered: Entered<T>, what: 'tick' | 'load', limitMs: number): Entered<T> {
    if (entered.kind === 'ok') return entered;
    const message = faultInWords(entered.fault, what, limitMs, sandboxOptions.memoryMb);
    return { ...entered, fault: { ...entered.fault, message } };
  }

  /** The blame words still say which handler ran last; the watchdog knows since when. */
  function toStop(
    { fault, cpuMs }: Extract<Entered<never>, { kind: 'fault' }>,
    wallMs: number,
    names: LoadOut['handlers'],
    limitMs: number,
  ): Stop {
    const words = sandboxOptions.blame ?? noWords;
    const { 0: slot = -1, 1: number = -1, 4: asked = -1 } = words;
    const part = blame.handlerMs && wallMs > 0 ? Math.min(1, blame.handlerMs() / wallMs) : 1;
    const handlerMs = number === -1 ? 0 : cpuMs * part;
    const last = { slot, number, asked, handlerMs, spread: false };
    const blamed = (fault.kind === 'timeout' && number >= 0 && heavier(words, cpuMs, wallMs)) || last;
    return { fault, ...blamed, by: names[blamed.number] ?? null, cpuMs, limitMs };
  }

  /** A loaded sandbox, or the fault; a faulted one is disposed. */
  function build(next: readonly Program[], reason: LoadIn['reason'], tick: number, known: Known = {}) {
    const made = createSandbox(sandboxOptions);
    const { entered, stop } = enter(tick, 'load', [], () => made.load({ ...input(next, reason), ...known }));
    if (entered.kind === 'fault') made.dispose();
    return { made, out: entered, stop };
  }

  function ask(sandbox: Sandbox, tick: number): Entered<string> {
    blame.enter(tick, sandboxOptions.loadLimitMs);
    const out = sandbox.mind();
    blame.leave();
    return out;
  }

  function take(made: Sandbox, next: readonly Program[], out: LoadOut): void {
    current?.dispose();
    current = made;
    isFresh = true;
    programs = next;
    handlers = out.handlers;
    reviveAt = null;
  }

  function drop(): void {
    current?.dispose();
    current = null;
  }

  function unblamed(time: number): void {
    if (time - lastStop > memory + pause) pause = 0;
    lastStop = time;
    stops = [...stops.filter((at) => time - at < memory), time];
    if (stops.length < mostStops) {
      reviveAt = time;
      return;
    }
    stops = [];
    pause = pause === 0 ? firstPause : Math.min(longestPause, pause * 2);
    reviveAt = time + pause;
  }

  return {
    load(next, reason, tick) {
      const { made, out, stop } = build(next, reason, tick);
      if (out.kind === 'ok') take(made, next, out.out);
      else programs = next;
      return { taken: out.kind === 'ok', out, stop };
    },
    swap(next, tick) {
      const mind = current && ask(current, tick);
      const { made, out, stop } = build(next, 'reload', tick, mind?.kind === 'ok' ? { before: mind.out } : {});
      if (out.kind === 'fault') return { taken: false, out, stop };
      if (out.out.reports.some(isFault)) {
        made.dispose();
        return { taken: false, out, stop };
      }
      take(made, next, out.out);
      stops = [];
      pause = 0;
      return { taken: true, out, stop };
    },
    tick(step) {
      const sandbox = current;
      if (!sandbox) return { entered: { kind: 'fault', fault: noIsolate, cpuMs: 0 }, stop: null };
      const limitMs = isHurried && !isFresh ? Math.round(sandboxOptions.tickLimitMs * hurriedPart) : undefined;
      isFresh = false;
      const entry = enter(step.tick, 'tick', handlers, () => sandbox.tick(step, limitMs), limitMs);
      if (entry.entered.kind === 'fault') drop();
      return entry;
    },
    running: () => current !== null,
    rebuild(next, tick) {
      drop();
      programs = next;
      const { made, out, stop } = build(next, 'recover', tick);
      if (out.kind === 'ok') take(made, next, out.out);
      return { taken: out.kind === 'ok', out, stop };
    },
    unblamed,
    revive(tick, time) {
      if (current || reviveAt === null || time < reviveAt) return false;
      const { made, out } = build(programs, 'recover', tick);
      if (out.kind === 'ok') take(made, programs, out.out);
      else unblamed(time);
      return out.kind === 'ok';
    },
    reviveAt: () => reviveAt,
    mind(tick, time) {
      const sandbox = current;
      if (!sandbox) return null;
      const out = ask(sandbox, tick);
      if (out.kind === 'ok') return out.out;
      drop();
      unblamed(time);
      return null;
    },
    stops: () => ({ times: stops, pause, last: Number.isFinite(lastStop) ? lastStop : null }),
    goOn(next, tick, mind, saved) {
      stops = [...saved.times];
      pause = saved.pause;
      lastStop = saved.last ?? Number.NEGATIVE_INFINITY;
      const { made, out, stop } = build(next, 'recover', tick, { mind });
      if (out.kind === 'ok') take(made, next, out.out);
      return { taken: out.kind === 'ok', out, stop };
    },
    handlers: () => handlers,
    heap: () => current?.heap() ?? 0,
    hurry(on) {
      isHurried = on;
    },
    trust() {
      const { onHandler: _, ...rest } = sandboxOptions;
      sandboxOptions = rest;
    },
    dispose() {
      drop();
      reviveAt = null;
    },
  };
}

/** The kind that used more of an entry than the one that it ended with: who comes last pays for nobody else. */
function heavier(words: ArrayLike<number>, cpuMs: number, wallMs: number) {
  const { 5: slot = -1, 6: number = -1, 7: asked = -1, 8: usedMs = 0, 9: othersMs = 0 } = words;
  const tookMs = wallMs > 0 ? wallMs : cpuMs;
  if (tookMs <= 0 || usedMs <= tookMs - othersMs) return null;
  return { slot, number, asked, handlerMs: Math.min(cpuMs, (usedMs / tookMs) * cpuMs), spread: true };
}

const noIsolate: SandboxFault = { kind: 'disposed', message: 'the zone runs without scripts' };

function isFault(report: ScriptReport): boolean {
  return report.what !== 'log';
}
