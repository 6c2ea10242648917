/** One clock for all zones that do not tick: calls for each when its earliest timer is due. */
import type { ZoneId } from '../contract/link.ts';
import type { Clock } from '../contract/ports.ts';

/** Timers of the system hold 24 days; we look again at least so often. */
const longestMs = 60_000;

export class Alarms {
  readonly #clock: Clock;
  readonly #ring: (zone: ZoneId) => void;
  readonly #due = new Map<ZoneId, number>();
  #timer: NodeJS.Timeout | null = null;
  /** Unix seconds. */
  #armedFor = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, ring: (zone: ZoneId) => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** @param due  Unix seconds; null takes the alarm back. */
  set(zone: ZoneId, due: number | null): void {
    if (due === null) {
      this.#due.delete(zone);
      return;
    }
    this.#due.set(zone, due);
    this.#arm(due);
  }

  stop(): void {
    this.#due.clear();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** The timer is set for the earliest; an alarm taken back or put off is found out when it rings. */
  #arm(due: number): void {
    if (due >= this.#armedFor) return;
    this.#armedFor = due;
    if (this.#timer) clearTimeout(this.#timer);
    const ms = Math.min(longestMs, Math.max(0, (due - this.#clock.now()) * 1_000));
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    this.#timer = null;
    this.#armedFor = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    const ringing: ZoneId[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [zone, due] of this.#due) {
      if (due <= now) ringing.push(zone);
      else next = Math.min(next, due);
    }
    for (const zone of ringing) this.#due.delete(zone);
    this.#arm(next);
    for (const zone of ringing) this.#ring(zone);
  }
}
