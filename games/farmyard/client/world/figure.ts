import type { MirrorObject } from 'roost/client';
import type { Pose } from '../art/animals.ts';
import type { Gesture } from '../art/people.ts';

/** What the page remembers of an object to draw it alive: all made from its places, none of it sent. */
export class Figure {
  readonly thing: MirrorObject;
  /** Where it is drawn, metres. */
  x: number;
  y: number;
  /** Metres per second, as drawn. */
  vx = 0;
  vy = 0;
  face = 1;
  away = false;
  step = 0;
  pace = 0;
  peck = 0;
  look = 0;
  lift = 0;
  squash = 1;
  /** How far a gate is open, 0 … 1. */
  open = 0;
  rollX = 0;
  rollY = 0;
  shake = 0;
  /** How many things it carries. */
  carries = 0;
  gesture: Gesture = '';
  #gestureLeft = 0;
  #hop = 0;
  #want = 1;
  #stride = 0;
  readonly born: number;

  constructor(thing: MirrorObject, t: number) {
    this.thing = thing;
    this.x = thing.drawn.x;
    this.y = thing.drawn.y;
    this.open = thing.state.open === true ? 1 : 0;
    this.born = t;
  }

  /** A hop of some height, for joy or fright. */
  hop(high = 1): void {
    this.#hop = Math.max(this.#hop, high);
  }

  show(gesture: Gesture, seconds: number): void {
    this.gesture = gesture;
    this.#gestureLeft = seconds;
  }

  faceTo(x: number): void {
    if (Math.abs(x - this.x) > 0.15) this.#want = x > this.x ? 1 : -1;
  }

  /**
   * Moves it to where it is now.
   * @param walk  Metres per second at which its steps look right.
   * @returns     True when a foot came down, for prints and dust.
   */
  update(x: number, y: number, dt: number, t: number, walk: number): boolean {
    const jumped = Math.hypot(x - this.x, y - this.y) > 3;
    const soft = 1 - Math.exp(-dt * 14);
    this.vx += ((jumped ? 0 : (x - this.x) / dt) - this.vx) * soft;
    this.vy += ((jumped ? 0 : (y - this.y) / dt) - this.vy) * soft;
    this.x = x;
    this.y = y;
    const speed = Math.hypot(this.vx, this.vy);
    const pace = speed < 0.12 ? 0 : Math.max(0.35, speed / walk);
    this.pace += (pace - this.pace) * soft;
    if (Math.abs(this.vx) > 0.25) this.#want = this.vx > 0 ? 1 : -1;
    if (speed > 0.4) this.away = this.vy < -Math.abs(this.vx) * 1.15;
    else if (pace === 0 && this.away && this.look > 0.3) this.away = false;
    this.face += (this.#want - this.face) * (1 - Math.exp(-dt * 12));
    this.step += Math.min(3, pace) * dt * 9;
    const targetOpen = this.thing.state.open === true ? 1 : 0;
    this.open += (targetOpen - this.open) * (1 - Math.exp(-dt * 7));
    this.rollX += this.vx * dt;
    this.rollY += this.vy * dt * 0.8;
    this.shake = Math.max(0, this.shake - dt);
    this.#gestureLeft -= dt;
    if (this.#gestureLeft < 0) this.gesture = '';
    this.#leap(dt, t);
    const foot = Math.floor(this.step / Math.PI) !== this.#stride;
    this.#stride = Math.floor(this.step / Math.PI);
    return foot && pace > 0.3;
  }

  #leap(dt: number, t: number): void {
    if (this.#hop > 0) {
      this.#hop -= dt * 2.6;
      const k = Math.max(0, this.#hop % 1);
      this.lift = Math.sin(k * Math.PI) * 0.28;
      this.squash = 1 + Math.sin(k * Math.PI) * 0.12 - (k < 0.12 || k > 0.9 ? 0.16 : 0);
    } else {
      this.lift = 0;
      const fresh = Math.min(1, (t - this.born) * 3);
      this.squash =
        fresh < 1
          ? 0.6 + 0.4 * fresh + Math.sin(fresh * Math.PI * 2) * 0.12
          : 1 + Math.sin(this.step * 2) * 0.03 * Math.min(1, this.pace);
    }
  }

  pose(t: number): Pose {
    return {
      t,
      face: this.face,
      step: this.step,
      pace: this.pace,
      peck: this.peck,
      look: this.look,
      lift: this.lift,
      squash: this.squash,
      away: this.away,
      seed: this.thing.id,
    };
  }
}
