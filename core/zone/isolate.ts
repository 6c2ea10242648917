/**
 * The isolate of a zone over its life: loaded, swapped for new programs, rebuilt after a stop, and left out for a while
 * when it is stopped again and again.
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
import type { LoadReason, ScriptReport } from '../contract/link.ts';

/** Marks the beginning and end of every entry, for the watchdog and the node's blame. */
export interface Blame {
  enter(tick: number, limitMs: number): void;
  leave(): void;
}

export type IsolateOptions = {
  readonly createSandbox: CreateSandbox;
  readonly sandbox: SandboxOptions;
  readonly blame: Blame;
  /** What a new isolate is loaded with, from the truth outside. */
  readonly input: (programs: readonly Program[], reason: Exclude<LoadReason, 'arrive'>) => LoadIn;
};

export interface Isolate {
  /** Loads the first one, or one for changed content. The old one is dropped when the new one stands. */
  load(programs: readonly Program[], reason: Exclude<LoadReason, 'arrive'>, tick: number): Entered<LoadOut>;
  /** Loads new programs beside; takes over only when all of them can be used. */
  swap(programs: readonly Program[], tick: number): { readonly taken: boolean; readonly out: Entered<LoadOut> };
  /** Runs a tick. After a fault there is no isolate until `revive`. */
  tick(input: TickIn): Entered<TickOut>;
  /** Whether there is one to tick. */
  running(): boolean;
  /** Builds it again after a stop when its time has come (Unix seconds). True when it is running anew. */
  revive(tick: number, time: number): boolean;
  /** Unix seconds from which `revive` would try, or null when it runs. */
  reviveAt(): number | null;
  /** The handler of that number, as the blame words name it. */
  handler(number: number): LoadOut['handlers'][number] | undefined;
  heap(): number;
  dispose(): void;
}

/** Stops in a minute after which scripts are left out for a while, and how long at first and at most (seconds). */
const mostStops = 3;
const firstPause = 10;
const longestPause = 320;
const memory = 60;

export function createIsolate({ createSandbox, sandbox: options, blame, input }: IsolateOptions): Isolate {
  let current: Sandbox | null = null;
  let programs: readonly Program[] = [];
  let handlers: LoadOut['handlers'] = [];
  let stops: number[] = [];
  let pause = 0;
  let lastStop = Number.NEGATIVE_INFINITY;
  let reviveAt: number | null = null;

  function enter<T>(tick: number, limitMs: number, run: () => Entered<T>): Entered<T> {
    blame.enter(tick, limitMs);
    try {
      return run();
    } finally {
      blame.leave();
    }
  }

  /** A loaded sandbox, or the fault; a faulted one is disposed. */
  function build(next: readonly Program[], reason: Exclude<LoadReason, 'arrive'>, tick: number) {
    const made = createSandbox(options);
    const out = enter(tick, options.loadLimitMs, () => made.load(input(next, reason)));
    if (out.kind === 'fault') made.dispose();
    return { made, out };
  }

  function take(made: Sandbox, next: readonly Program[], out: LoadOut): void {
    current?.dispose();
    current = made;
    programs = next;
    handlers = out.handlers;
    reviveAt = null;
  }

  function stopped(time: number): void {
    current?.dispose();
    current = null;
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
      const { made, out } = build(next, reason, tick);
      if (out.kind === 'ok') take(made, next, out.out);
      else programs = next;
      return out;
    },
    swap(next, tick) {
      const { made, out } = build(next, 'reload', tick);
      if (out.kind === 'fault') return { taken: false, out };
      if (out.out.reports.some(isFault)) {
        made.dispose();
        return { taken: false, out };
      }
      take(made, next, out.out);
      stops = [];
      pause = 0;
      return { taken: true, out };
    },
    tick(step) {
      const sandbox = current;
      if (!sandbox) return { kind: 'fault', fault: noIsolate, cpuMs: 0 };
      const out = enter(step.tick, options.tickLimitMs, () => sandbox.tick(step));
      if (out.kind === 'fault') stopped(step.time);
      return out;
    },
    running: () => current !== null,
    revive(tick, time) {
      if (current || reviveAt === null || time < reviveAt) return false;
      const { made, out } = build(programs, 'recover', tick);
      if (out.kind === 'ok') take(made, programs, out.out);
      else stopped(time);
      return out.kind === 'ok';
    },
    reviveAt: () => reviveAt,
    handler: (number) => handlers[number],
    heap: () => current?.heap() ?? 0,
    dispose() {
      current?.dispose();
      current = null;
      reviveAt = null;
    },
  };
}

const noIsolate: SandboxFault = { kind: 'disposed', message: 'the zone runs without scripts' };

function isFault(report: ScriptReport): boolean {
  return report.what !== 'log';
}
