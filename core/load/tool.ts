/** What the tool itself costs: where it is busy, it measures itself and not the server. */
import { performance } from 'node:perf_hooks';
import { createLoopDelay, type LoopDelay } from '../report/loop-delay.ts';

export type ToolFigures = {
  /** How late its event loop came to its timers, in milliseconds. */
  readonly lateP99: number;
  readonly lateMost: number;
  /** Share of the time in which its event loop had something to do, 0 to 1. */
  readonly busy: number;
  /** Of one core, 0 to 1: less than it was busy where others took the core. */
  readonly cpu: number;
  /** It did as much as it can: fewer requests were sent than were wanted. */
  readonly isFull: boolean;
  /** It got its turns late, by its own work or by that of others on its machine: times are longer than they were. */
  readonly isLate: boolean;
};

/** Beyond these the tool is in the way of its own measurement. */
const lateMostMs = 20;
const busyMost = 0.85;

export class ToolMeter {
  readonly #delay: LoopDelay = createLoopDelay();
  #cpu = process.cpuUsage();
  #loop = performance.eventLoopUtilization();
  #fromMs = performance.now();

  start(): void {
    this.#delay.start();
    this.#delay.read();
    this.#cpu = process.cpuUsage();
    this.#loop = performance.eventLoopUtilization();
    this.#fromMs = performance.now();
  }

  /** Ends it. */
  stop(): ToolFigures {
    const { p99, worst } = this.#delay.read();
    this.#delay.stop();
    const { user, system } = process.cpuUsage(this.#cpu);
    const cpu = (user + system) / 1_000 / Math.max(1, performance.now() - this.#fromMs);
    const busy = performance.eventLoopUtilization(this.#loop).utilization;
    const [lateP99, lateMost] = [p99 * 1_000, worst * 1_000];
    return { lateP99, lateMost, busy, cpu, isFull: busy > busyMost, isLate: lateP99 > lateMostMs };
  }
}
