/** What the tool itself costs: where it is busy, it measures itself and not the server. */
import { createLoopDelay, type LoopDelay } from '../report/loop-delay.ts';

export type ToolFigures = {
  /** How late its event loop came to its timers, in milliseconds. */
  readonly lateP99: number;
  readonly lateMost: number;
  /** Of one core, 0 to 1. */
  readonly cpu: number;
  /** It did as much as it can: fewer requests were sent than were wanted. */
  readonly isFull: boolean;
  /** It got its turns late, by its own work or by that of others on its machine: times are longer than they were. */
  readonly isLate: boolean;
};

/** Beyond these the tool is in the way of its own measurement. */
const lateMostMs = 20;
const cpuMost = 0.85;

export class ToolMeter {
  readonly #delay: LoopDelay = createLoopDelay();
  #cpu = process.cpuUsage();
  #fromMs = performance.now();

  start(): void {
    this.#delay.start();
    this.#delay.read();
    this.#cpu = process.cpuUsage();
    this.#fromMs = performance.now();
  }

  /** Ends it. */
  stop(): ToolFigures {
    const { p99, worst } = this.#delay.read();
    this.#delay.stop();
    const { user, system } = process.cpuUsage(this.#cpu);
    const cpu = (user + system) / 1_000 / Math.max(1, performance.now() - this.#fromMs);
    const [lateP99, lateMost] = [p99 * 1_000, worst * 1_000];
    return { lateP99, lateMost, cpu, isFull: cpu > cpuMost, isLate: lateP99 > lateMostMs };
  }
}
