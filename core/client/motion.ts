/**
 * Where things are shown between two deltas. The world is shown a little late, by about two ticks, so that there is
 * nearly always a later place to go to; the delay grows with an uneven line and shrinks again.
 */

/** A place in metres and radians. */
export type Place = { x: number; y: number; angle: number };

type Sample = Place & { readonly tick: number; readonly jump: boolean };

/** More would be seconds behind: older ones are of no use. */
const mostSamples = 16;

/** The places of one object by tick. */
export class Track {
  readonly drawn: Place;
  #samples: Sample[];

  constructor(place: Place, tick: number) {
    this.drawn = { x: place.x, y: place.y, angle: place.angle };
    this.#samples = [{ ...this.drawn, tick, jump: true }];
  }

  /** The object is at `place` from `tick` on; until the tick before it was where it had been. */
  add(place: Place, tick: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && tick <= last.tick) {
      this.#samples = this.#samples.filter((sample) => sample.tick < tick);
    } else if (last !== undefined && last.tick < tick - 1) {
      this.#samples.push({ ...last, tick: tick - 1, jump: false });
    }
    this.#samples.push({ x: place.x, y: place.y, angle: place.angle, tick, jump: false });
    if (this.#samples.length > mostSamples) this.#samples.shift();
  }

  /** What was added last is not on the way from where the object was. */
  markJump(): void {
    const last = this.#samples.pop();
    if (last !== undefined) this.#samples.push({ ...last, jump: true });
  }

  /** Ticks started anew (another epoch or zone): forgets the way here. */
  restart(place: Place, tick: number): void {
    this.#samples = [{ x: place.x, y: place.y, angle: place.angle, tick, jump: true }];
  }

  /** Sets `drawn` to the place at `tick`, which has a fraction. */
  draw(tick: number): void {
    while (this.#samples.length > 1 && (this.#samples[1] as Sample).tick <= tick) this.#samples.shift();
    const [from, to] = this.#samples;
    if (from === undefined) return;
    const share = to === undefined || to.jump || tick <= from.tick ? 0 : (tick - from.tick) / (to.tick - from.tick);
    const target = to ?? from;
    this.drawn.x = from.x + (target.x - from.x) * share;
    this.drawn.y = from.y + (target.y - from.y) * share;
    this.drawn.angle = from.angle + shortWay(target.angle - from.angle) * share;
  }
}

/** The same turn the shorter way round: −π … π. */
function shortWay(turn: number): number {
  const full = 2 * Math.PI;
  return turn - full * Math.round(turn / full);
}

/** Tells which tick is to be shown now, from when deltas came. */
export class Playback {
  #tickMs = 50;
  /** Local time of tick 0, as the promptest deltas say. */
  #zeroMs: number | undefined;
  #unevenMs = 0;
  #delayTicks = 2;

  restart(ticksPerSecond: number): void {
    this.#tickMs = 1000 / ticksPerSecond;
    this.#zeroMs = undefined;
    this.#unevenMs = 0;
    this.#delayTicks = 2;
  }

  /** A message of `tick` came at `nowMs`. */
  heard(tick: number, nowMs: number): void {
    const zeroMs = nowMs - tick * this.#tickMs;
    // The zone slept, or the page did: what was known of the line is of no use.
    if (this.#zeroMs === undefined || Math.abs(zeroMs - this.#zeroMs) > 1000) {
      this.#zeroMs = zeroMs;
      return;
    }
    const lateMs = Math.max(0, zeroMs - this.#zeroMs);
    this.#unevenMs += (lateMs - this.#unevenMs) * 0.05;
    // Prompt ones count at once, late ones little by little: the two clocks drift, and a server may drop ticks.
    this.#zeroMs = lateMs === 0 ? zeroMs : this.#zeroMs + lateMs * 0.01;
    const wanted = Math.min(8, 1.6 + (2.5 * this.#unevenMs) / this.#tickMs);
    this.#delayTicks += (wanted - this.#delayTicks) * 0.05;
  }

  /** The tick to show, with its fraction. */
  at(nowMs: number): number {
    return this.#zeroMs === undefined ? 0 : (nowMs - this.#zeroMs) / this.#tickMs - this.#delayTicks;
  }
}
