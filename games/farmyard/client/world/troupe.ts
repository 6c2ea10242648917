import { chance } from '../art/brush.ts';
import { Figure } from './figure.ts';
import { mind } from './flock.ts';
import type { FarmMap } from './map.ts';
import { pretend } from './pretend.ts';

/** One that walks about on its own, round a place, in metres. */
type Actor = {
  readonly figure: Figure;
  readonly home: { readonly x: number; readonly y: number };
  /** How far it goes from there, and how fast. */
  readonly reach: number;
  readonly speed: number;
  to: { x: number; y: number };
  /** Seconds until it thinks of another place. */
  rest: number;
};

/** Who there is: kind, area of the map, offset from it in metres, reach, speed. */
const parts: readonly (readonly [string, string, number, number, number, number])[] = [
  ['chicken', 'spawn', -1, 1, 2.5, 0.9],
  ['chicken', 'spawn', 2.6, 2, 2.5, 0.9],
  ['chicken', 'spawn', -5, 3.2, 2, 0.9],
  ['chicken', 'spawn', -8, 0, 2, 0.9],
  ['chicken', 'spawn', 7, 3.4, 2, 0.9],
  ['chicken', 'yard', 2.5, 1.9, 1.6, 0.9],
  ['chicken', 'yard', 4.5, 2.9, 1.6, 0.9],
  ['chicken', 'yard', 9, 2.2, 1.6, 0.9],
  ['rooster', 'yard', 7.5, 1.6, 1.6, 0.9],
  ['duck', 'pond', 0, 0, 2.6, 0.6],
  ['duck', 'pond', 1.5, 1, 2.2, 0.6],
  ['duck', 'pond', -1.5, 0.8, 2.2, 0.6],
  ['farmhand', 'spawn', -5, -1, 2.4, 1.2],
  ['hay', 'spawn', 3.5, 3.2, 0, 0],
  ['hay', 'spawn', -7.6, -3.8, 0, 0],
  ['crate', 'spawn', 5.6, 2.9, 0, 0],
  ['crate', 'spawn', 6.7, 2.7, 0, 0],
  ['crate', 'spawn', -2, 3, 0, 0],
  ['barrel', 'spawn', -1.3, -2, 0, 0],
  ['basket', 'spawn', 3.4, -1.3, 0, 0],
  ['egg', 'spawn', 1.6, 2.8, 0, 0],
  ['egg', 'yard', 3.7, 2.5, 0, 0],
  ['ball', 'kick-off', 0, 0, 0, 0],
];

/** The animals on the meadow before anybody came in: nobody on the server knows of them. */
export class Troupe {
  readonly #actors: Actor[] = [];
  readonly #figures: Figure[] = [];

  readonly map: FarmMap;

  constructor(map: FarmMap, t: number) {
    this.map = map;
    for (const [i, [kind, area, dx, dy, reach, speed]] of parts.entries()) {
      const place = map.areas.get(area);
      if (place === undefined) continue;
      // An area is given by its upper left corner; the pond's by its middle.
      const home = { x: place.x + dx, y: place.y + dy };
      const figure = new Figure(
        pretend(`title-${i}`, kind, home.x, home.y, kind === 'crate' ? chance(i) * 0.6 : 0),
        t - 1,
      );
      this.#figures.push(figure);
      this.#actors.push({ figure, home, reach, speed, to: home, rest: chance(i, 3) * 5 });
    }
  }

  get figures(): readonly Figure[] {
    return this.#figures;
  }

  update(t: number, dt: number): void {
    for (const [i, actor] of this.#actors.entries()) {
      const { figure, home, reach, speed } = actor;
      const [dx, dy] = [actor.to.x - figure.x, actor.to.y - figure.y];
      const far = Math.hypot(dx, dy);
      const step = Math.min(far, speed * dt);
      if (far > 0.02) figure.update(figure.x + (dx / far) * step, figure.y + (dy / far) * step, dt, t, speed || 1);
      else figure.update(figure.x, figure.y, dt, t, speed || 1);
      if (figure.thing.kind === 'chicken' || figure.thing.kind === 'rooster') mind(figure, undefined, t, dt);
      actor.rest -= far > 0.02 ? 0 : dt;
      if (actor.rest > 0 || reach === 0) continue;
      const turn = chance(i, t) * Math.PI * 2;
      const way = Math.sqrt(chance(i + 50, t)) * reach;
      actor.to = { x: home.x + Math.cos(turn) * way, y: home.y + Math.sin(turn) * way * 0.5 };
      actor.rest = 1.5 + chance(i + 90, t) * 6;
    }
  }
}
