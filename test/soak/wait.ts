/**
 * Waiting in a program that watches a server from outside: looks again and again, up to a bound. Time counts only while
 * this process gets its turns: on a machine that is busy with something else the server does not get its turns either.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const lookMs = 20;
/** A turn that comes later than this was late by the rest. */
const punctualMs = 100;

/** Whether it came to hold within that time. */
export async function cameTrue(holds: () => boolean, withinMs: number): Promise<boolean> {
  let left = withinMs;
  for (let last = performance.now(); !holds(); ) {
    if (left <= 0) return false;
    await sleep(lookMs);
    const now = performance.now();
    left -= Math.min(now - last, punctualMs);
    last = now;
  }
  return true;
}

/** Seconds in which this process got its turns. */
export class PunctualClock {
  seconds = 0;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.seconds += Math.min(now - last, punctualMs) / 1000;
      last = now;
    }, lookMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

export { sleep };
