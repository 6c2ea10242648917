/**
 * Which plugin runs right now, through awaits, timers and emitters; and how often each has failed of late.
 *
 * Players are no off-switch: failures that calls of one person cause are charged to that person (rates.ts) and switch a
 * plugin off only when three owners at three addresses cause them and half of all calls fail.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock, Log } from '../contract/ports.ts';

/** What a plugin was doing. `owner` and `address` are null when nobody asked for it (timers, start, zones). */
export type Doing = {
  readonly tally: Tally;
  readonly plugin: string;
  readonly build: string;
  /** `chat.say`, `timer`, `start`, `opened`, … */
  readonly what: string;
  readonly owner: string | null;
  readonly address: string | null;
  /** The call it is inside of, when a plugin called a method. */
  readonly within: Doing | null;
};

type Failure = { readonly at: number; readonly owner: string | null; readonly address: string | null };

/** Calls and failures of one build. */
export type Tally = {
  calls: number;
  failures: number;
  /** Of the last minute. */
  recent: Failure[];
  /** When calls began to be counted for the share of failing ones, and how many there were. */
  windowAt: number;
  windowCalls: number;
  /** Called once, when the build has failed too often. */
  readonly onWorn: () => void;
};

const windowMs = 60_000;
const peopleLeast = 3;

export interface Blame {
  tally(onWorn: () => void): Tally;
  /** Runs `work` so that whatever comes of it is known to be `doing`'s. */
  run<T>(doing: Doing, work: () => T): T;
  current(): Doing | undefined;
  countCall(tally: Tally): void;
  /** Logs the error with its stack and counts it. */
  fail(doing: Omit<Doing, 'within'>, error: unknown): void;
  /** For errors that nobody caught: true when they were some plugin's. */
  stray(error: unknown): boolean;
}

/** @param most  Failures within a minute after which a plugin is switched off. */
export function createBlame(clock: Clock, log: Log, most: number): Blame {
  const running = new AsyncLocalStorage<Doing>();

  function fail({ tally, plugin, build, what, owner, address }: Omit<Doing, 'within'>, error: unknown): void {
    log.error({ plugin, build, what, owner, error: stackOf(error) }, 'plugin failed');
    const now = clock.monotonicMs();
    tally.failures += 1;
    tally.recent = [...tally.recent.filter(({ at }) => now - at < windowMs), { at: now, owner, address }].slice(
      -most * 4,
    );
    if (isWorn(tally, most)) tally.onWorn();
  }

  return {
    tally: (onWorn) => ({ calls: 0, failures: 0, recent: [], windowAt: clock.monotonicMs(), windowCalls: 0, onWorn }),
    run: (doing, work) => running.run(doing, work),
    current: () => running.getStore(),
    countCall(tally) {
      const now = clock.monotonicMs();
      if (now - tally.windowAt >= windowMs) {
        tally.windowAt = now;
        tally.windowCalls = 0;
      }
      tally.calls += 1;
      tally.windowCalls += 1;
    },
    fail,
    stray(error) {
      const doing = running.getStore();
      if (!doing) return false;
      fail({ ...doing, what: `${doing.what} (not caught)` }, error);
      return true;
    },
  };
}

function isWorn({ recent, windowCalls }: Tally, most: number): boolean {
  const alone = recent.filter(({ owner }) => owner === null).length;
  if (alone >= most) return true;
  const asked = recent.filter(({ owner }) => owner !== null);
  const people = Math.min(
    new Set(asked.map(({ owner }) => owner)).size,
    new Set(asked.map(({ address }) => address)).size,
  );
  return asked.length >= most && people >= peopleLeast && asked.length * 2 >= windowCalls;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
