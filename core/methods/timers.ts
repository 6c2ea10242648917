/** Timers of one build of a plugin: they end with it. */
import type { Off } from '../contract/ports.ts';

export type Timers = {
  readonly every: (seconds: number, work: () => unknown) => Off;
  readonly after: (seconds: number, work: () => unknown) => Off;
  /** Ends them all; new ones are refused. */
  readonly stop: () => void;
};

const leastMs = 50;
/** What the system's timers can count to: 24 days. */
const mostMs = 2_147_483_647;
const timersMost = 10_000;

/** @param run  Runs the work of a timer and looks after its errors; never rejects. */
export function createTimers(run: (work: () => unknown) => Promise<void>): Timers {
  const waiting = new Set<NodeJS.Timeout>();
  let stopped = false;

  /** Waits `ms`, works, and when `again` waits once more after the work is done. */
  function start(ms: number, work: () => unknown, again: boolean): Off {
    if (stopped) throw new Error('The plugin has stopped: no more timers');
    if (waiting.size >= timersMost) throw new Error(`A plugin has at most ${timersMost} timers`);
    let off = false;
    let timer: NodeJS.Timeout;
    const wait = () => {
      timer = setTimeout(async () => {
        waiting.delete(timer);
        await run(work);
        if (again && !off && !stopped) wait();
      }, ms);
      waiting.add(timer);
    };
    wait();
    return () => {
      off = true;
      clearTimeout(timer);
      waiting.delete(timer);
    };
  }

  return {
    every: (seconds, work) => start(toMs(seconds, leastMs), work, true),
    after: (seconds, work) => start(toMs(seconds, 0), work, false),
    stop() {
      stopped = true;
      for (const timer of waiting) clearTimeout(timer);
      waiting.clear();
    },
  };
}

function toMs(seconds: number, least: number): number {
  const ms = seconds * 1000;
  if (!(ms >= least && ms <= mostMs)) {
    throw new RangeError(`A timer waits ${least / 1000} to ${Math.floor(mostMs / 1000)} seconds, not ${seconds}`);
  }
  return ms;
}
