import type { Client, MirrorObject } from 'roost/client';
import { chanceOf } from '../art/brush.ts';
import type { Particles } from '../art/particles.ts';
import { Figure } from './figure.ts';

/** Metres per second at which the steps of a kind look right. */
const walks = new Map([
  ['farmer', 3.2],
  ['farmhand', 2],
  ['chicken', 1.1],
  ['rooster', 1.1],
  ['chick', 1],
  ['fox', 2.4],
  ['egg', 1],
]);
const people = new Set(['farmer', 'farmhand']);
const birds = new Set(['chicken', 'rooster', 'chick']);

/** All figures on the page, one for each object in view. */
export class Flock {
  readonly #figures = new Map<string, Figure>();
  readonly #client: Client;
  readonly #particles: Particles;
  #leadX = 0;
  #leadY = 0;
  #drive = 1;

  constructor(client: Client, particles: Particles) {
    this.#client = client;
    this.#particles = particles;
  }

  get all(): Iterable<Figure> {
    return this.#figures.values();
  }

  find(id: string): Figure | undefined {
    return this.#figures.get(id);
  }

  /** The own character. */
  get me(): Figure | undefined {
    const self = this.#client.self;
    return self && this.#figures.get(self.id);
  }

  /**
   * Brings every figure to this frame.
   * @param wish  Where the player's keys point, metres per second: the own character answers them at once.
   */
  update(t: number, dt: number, wish: { readonly x: number; readonly y: number }): void {
    const { objects, self } = this.#client;
    for (const id of this.#figures.keys()) if (!objects.has(id)) this.#figures.delete(id);
    for (const thing of objects.values()) {
      let figure = this.#figures.get(thing.id);
      if (figure === undefined || figure.thing !== thing) {
        figure = new Figure(thing, t);
        this.#figures.set(thing.id, figure);
      }
      const place = thing === self ? this.#lead(thing, wish, dt) : thing.drawn;
      const foot = figure.update(place.x, place.y, dt, t, walks.get(thing.kind) ?? 2);
      if (foot) this.#tread(figure);
    }
    this.#count();
    const me = this.me;
    for (const figure of this.#figures.values()) if (birds.has(figure.thing.kind)) mind(figure, me, t, dt);
  }

  #count(): void {
    for (const figure of this.#figures.values()) figure.carries = 0;
    for (const { thing } of this.#figures.values()) {
      const holder = thing.holder === null ? undefined : this.#figures.get(thing.holder);
      if (holder !== undefined) holder.carries++;
    }
  }

  /**
   * The own character is drawn a little ahead of what the server has said, in the direction of the keys, by no more
   * than the way of two ticks and only as long as it really gets on: the server's place stays the truth.
   */
  #lead(thing: MirrorObject, wish: { readonly x: number; readonly y: number }, dt: number): { x: number; y: number } {
    const { drawn, x, y } = thing;
    const speed = Math.hypot(wish.x, wish.y);
    const behind = Math.hypot(x - drawn.x, y - drawn.y);
    const gettingOn = speed > 0.1 && behind / (speed * 0.1) < 0.25 ? 0 : 1;
    this.#drive += (gettingOn - this.#drive) * (1 - Math.exp(-dt * (gettingOn ? 20 : 4)));
    const soft = 1 - Math.exp(-dt * 16);
    this.#leadX += (wish.x * 0.1 * this.#drive - this.#leadX) * soft;
    this.#leadY += (wish.y * 0.1 * this.#drive - this.#leadY) * soft;
    return { x: drawn.x + this.#leadX, y: drawn.y + this.#leadY };
  }

  #tread(figure: Figure): void {
    const { thing, x, y, pace, vx, vy } = figure;
    if (thing.holder !== null || thing.kind === 'duck') return;
    const turn = Math.atan2(vy, vx);
    const side = Math.floor(figure.step / Math.PI) % 2 ? 1 : -1;
    if (people.has(thing.kind)) {
      this.#particles.print(x, y, turn, side, 0.075);
      if (pace > 1.3) this.#particles.dust({ x, y }, 2);
    } else if (birds.has(thing.kind)) {
      this.#particles.print(x, y, turn, side, 0.035);
      if (pace > 2) this.#particles.dust({ x, y });
    } else if (thing.kind === 'fox') this.#particles.print(x, y, turn, side, 0.045);
  }
}

/** What a hen does with her head: she pecks when she is idle, and looks up at you when you are near. */
export function mind(f: Figure, me: Figure | undefined, t: number, dt: number): void {
  const near = me !== undefined && Math.hypot(me.x - f.x, me.y - f.y) < 2.2;
  const idle = f.pace < 0.25;
  if (near && me !== undefined && idle) f.faceTo(me.x);
  const beat = (t * 0.23 + chanceOf(f.thing.id) * 5) % 1;
  const pecks = idle && !near && beat < 0.4 ? Math.max(0, Math.sin(t * 9 + chanceOf(f.thing.id) * 8)) : 0;
  const soft = 1 - Math.exp(-dt * 18);
  f.peck += (pecks - f.peck) * soft;
  f.look += ((near && idle ? 1 : 0) - f.look) * (1 - Math.exp(-dt * 8));
}
