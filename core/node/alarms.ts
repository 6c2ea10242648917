/**
 * One clock for all zones that do not tick: calls for each when its earliest timer is due. A zone that nobody looks at is
 * called less and less often, or a timer of every second would keep it in memory for ever.
 */
import type { ZoneId } from '../contract/link.ts';
import type { Clock } from '../contract/ports.ts';

/** Timers of the system hold 24 days; we look again at least so often. */
const longestMs = 60_000;
/** Seconds between two calls for a zone that nobody looks at: after the first, doubling, and at most. */
const firstGap = 1;
const longestGap = 60;

export class Alarms {
  readonly #clock: Clock;
  readonly #ring: (zone: ZoneId) => void;
  readonly #due = new Map<ZoneId, number>();
  /** When zones were last called (Unix seconds), and how long nothing calls them since (seconds). */
  readonly #rung = new Map<ZoneId, { readonly at: number; readonly gap: number }>();
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
    const { at, gap } = this.#rung.get(zone) ?? { at: due, gap: 0 };
    const from = Math.max(due, at + gap);
    this.#due.set(zone, from);
    this.#arm(from);
  }

  /** Somebody looks at the zone: its timers are in time again. */
  attended(zone: ZoneId): void {
    this.#rung.delete(zone);
  }

  stop(): void {
    this.#due.clear();
    this.#rung.clear();
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
    for (const zone of ringing) {
      this.#due.delete(zone);
      const gap = Math.min(longestGap, (this.#rung.get(zone)?.gap ?? firstGap / 2) * 2);
      this.#rung.set(zone, { at: now, gap });
    }
    this.#arm(next);
    for (const zone of ringing) this.#ring(zone);
  }
}
