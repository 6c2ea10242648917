/** A uniform grid over a zone. Cells are numbers, row by row; places outside the zone belong to its edge cells. */
export class Grid {
  readonly #columns: number;
  readonly #rows: number;
  readonly #side: number;

  /** All three in the same unit, > 0. */
  constructor(width: number, height: number, side: number) {
    this.#side = side;
    this.#columns = Math.max(1, Math.ceil(width / side));
    this.#rows = Math.max(1, Math.ceil(height / side));
  }

  /** The cell of a place. */
  at(x: number, y: number): number {
    return this.#row(y) * this.#columns + this.#column(x);
  }

  /** Cells that touch the circle, in rising order. */
  around(x: number, y: number, radius: number): number[] {
    const cells: number[] = [];
    const last = this.#row(y + radius);
    for (let row = this.#row(y - radius); row <= last; row++) {
      const end = this.#column(x + radius);
      for (let column = this.#column(x - radius); column <= end; column++) {
        const cell = row * this.#columns + column;
        if (this.distance(cell, x, y) <= radius) cells.push(cell);
      }
    }
    return cells;
  }

  /** From the place to the nearest point of the cell; 0 inside. */
  distance(cell: number, x: number, y: number): number {
    const left = (cell % this.#columns) * this.#side;
    const top = Math.floor(cell / this.#columns) * this.#side;
    const dx = Math.max(left - x, 0, x - left - this.#side);
    const dy = Math.max(top - y, 0, y - top - this.#side);
    return Math.hypot(dx, dy);
  }

  /**
   * The view around a place: every cell that touches the circle, and of those it had, the ones within `keep`, which is
   * further, so that nothing comes and goes at an edge. The same array when nothing changed.
   */
  view(former: readonly number[], x: number, y: number, radius: number, keep: number): readonly number[] {
    const cells = this.around(x, y, radius);
    const touched = new Set(cells);
    for (const cell of former) {
      if (!touched.has(cell) && this.distance(cell, x, y) <= keep) cells.push(cell);
    }
    cells.sort((a, b) => a - b);
    return cells.length === former.length && cells.every((cell, at) => cell === former[at]) ? former : cells;
  }

  #column(x: number): number {
    return Math.min(this.#columns - 1, Math.max(0, Math.floor(x / this.#side)));
  }

  #row(y: number): number {
    return Math.min(this.#rows - 1, Math.max(0, Math.floor(y / this.#side)));
  }
}
