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

  /** From the place to the nearest point of the cell; 0 inside. */
  distance(cell: number, x: number, y: number): number {
    return Math.hypot(this.#gap(cell % this.#columns, x), this.#gap(Math.floor(cell / this.#columns), y));
  }

  /**
   * The view around a place: every cell that touches the circle, and of those it had, the ones within `keep`, which is
   * further, so that nothing comes and goes at an edge. The same array when nothing changed.
   */
  view(former: readonly number[], x: number, y: number, radius: number, keep: number): readonly number[] {
    /** None as long as all are as before: mostly they are. */
    let cells: number[] | undefined;
    let count = 0;
    const [nearest, furthest] = [radius * radius, keep * keep];
    const [left, right, last] = [this.#column(x - keep), this.#column(x + keep), this.#row(y + keep)];
    // Both are in rising order: one look along the former ones says which of these were among them.
    let at = 0;
    for (let row = this.#row(y - keep); row <= last; row++) {
      const dy = this.#gap(row, y);
      for (let column = left; column <= right; column++) {
        const dx = this.#gap(column, x);
        const distance = dx * dx + dy * dy;
        if (distance > furthest) continue;
        const cell = row * this.#columns + column;
        while (at < former.length && (former[at] as number) < cell) at++;
        const had = former[at] === cell;
        if (distance > nearest && !had) continue;
        if (cells === undefined && former[count] !== cell) cells = former.slice(0, count);
        cells?.push(cell);
        count++;
      }
    }
    return cells ?? (count === former.length ? former : former.slice(0, count));
  }

  /** From the place to a row or column, along one axis; 0 in it. */
  #gap(index: number, place: number): number {
    const start = index * this.#side;
    return Math.max(start - place, 0, place - start - this.#side);
  }

  #column(x: number): number {
    return Math.min(this.#columns - 1, Math.max(0, Math.floor(x / this.#side)));
  }

  #row(y: number): number {
    return Math.min(this.#rows - 1, Math.max(0, Math.floor(y / this.#side)));
  }
}
