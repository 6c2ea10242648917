/** The letters as one sees and presses them: those on the rack, and those laid behind the knot. */
import { button, make, part } from '/farmyard/hud/page.ts';
import { glide, pop } from '../parts/motion.ts';
import { values } from '../rules.ts';
import type { Hand, Tile } from './hand.ts';

export class Tiles {
  readonly #tap: (tile: Tile) => void;
  readonly #buttons = new Map<number, HTMLButtonElement>();

  constructor(tap: (tile: Tile) => void) {
    this.#tap = tap;
  }

  /** @param tied  Letters of the knot. @param verb  What a press on the rack does. */
  draw({ tiles, laid, rack }: Hand, tied: string, verb: 'Lay' | 'Choose'): void {
    const known = new Set(tiles.map(({ id }) => id));
    for (const [id, element] of this.#buttons)
      if (!known.has(id)) {
        element.remove();
        this.#buttons.delete(id);
      }
    const buttons = (some: readonly Tile[]) => some.map((tile) => this.#buttonOf(tile));
    const focused = document.activeElement;
    glide([...this.#buttons.values()], () => {
      const knot = [...tied].map((letter) => make('i', 'tied', letter));
      part('laid').replaceChildren(...knot, ...buttons(laid));
      part('rack').replaceChildren(...buttons(rack));
    });
    if (focused instanceof HTMLElement && focused.isConnected && focused.classList.contains('tile')) focused.focus();
    for (const tile of tiles) {
      const points = values.get(tile.letter) ?? 0;
      const does = laid.includes(tile) ? 'Take back' : verb;
      const worth = points === 1 ? '1 point' : `${points} points`;
      this.#buttonOf(tile).setAttribute('aria-label', `${does} ${tile.letter.toUpperCase()}, ${worth}`);
    }
  }

  #buttonOf(tile: Tile): HTMLButtonElement {
    const known = this.#buttons.get(tile.id);
    if (known !== undefined) return known;
    const made = button('tile', tile.letter, () => this.#tap(tile));
    made.dataset.id = String(tile.id);
    made.dataset.points = String(values.get(tile.letter));
    this.#buttons.set(tile.id, made);
    pop(made);
    return made;
  }
}
