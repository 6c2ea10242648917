import type { Stage } from './stage.ts';
import { Troupe } from './troupe.ts';

/** The meadow before anybody came in: animals that are nobody's, and a slow look round. */
export class Title {
  readonly #stage: Stage;
  readonly #calm: boolean;
  #troupe: Troupe | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;

  /** @param calm  The visitor wants no motion. */
  constructor(stage: Stage, calm: boolean) {
    this.#stage = stage;
    this.#calm = calm;
  }

  /** Call it every frame; `t` counts seconds. */
  draw(t: number): void {
    const { map, camera } = this.#stage;
    const passed = t - this.#drawnAt;
    // A title may be left open for long: half the frames are enough for it, and one now and then where nothing moves.
    if (map === undefined || passed < (this.#calm ? 1 : 0.03)) return;
    this.#drawnAt = t;
    const dt = Math.min(0.1, passed);
    if (this.#troupe?.map !== map) this.#troupe = new Troupe(map, t);
    if (!this.#calm) this.#troupe.update(t, dt);
    const spawn = map.areas.get('spawn') ?? { x: map.width / 2, y: map.height / 2 };
    // The card stands at the left of a wide screen.
    const aside = camera.width > 720 ? (camera.width * 0.13) / camera.zoom : 0;
    const way = this.#calm ? 0 : t * 0.07;
    camera.follow(spawn.x + 2 - aside + Math.sin(way) * 3, spawn.y - 1 + Math.cos(way * 0.7) * 1.6, map, dt);
    const marks = { target: undefined, goal: undefined, picked: undefined };
    this.#stage.draw(this.#troupe.figures, undefined, 9.5, t, dt, marks);
  }
}
