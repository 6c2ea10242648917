/** A player's letters: those on the rack, and those laid behind the knot. */
export type Tile = { readonly id: number; readonly letter: string };

export class Hand {
  #tiles: Tile[] = [];
  #laid: Tile[] = [];
  #made = 0;

  /** Those that are not laid, in the order that the player sees. */
  get rack(): readonly Tile[] {
    return this.#tiles.filter((tile) => !this.#laid.includes(tile));
  }

  get tiles(): readonly Tile[] {
    return this.#tiles;
  }

  get laid(): readonly Tile[] {
    return this.#laid;
  }

  get letters(): string {
    return this.#laid.map(({ letter }) => letter).join('');
  }

  /** The letters are these now. Those that were there before stay where they are. */
  take(rack: string): void {
    const wanted = [...rack];
    const stay = this.#tiles.filter(({ letter }) => {
      const at = wanted.indexOf(letter);
      if (at !== -1) wanted.splice(at, 1);
      return at !== -1;
    });
    this.#tiles = [...stay, ...wanted.map((letter) => ({ id: ++this.#made, letter }))];
    this.#laid = this.#laid.filter((tile) => this.#tiles.includes(tile));
  }

  /** Lays a tile, at the end or at a place. */
  lay(tile: Tile, at = this.#laid.length): void {
    this.#laid = this.#laid.filter((other) => other !== tile).toSpliced(at, 0, tile);
  }

  /** Lays the first tile with this letter. @returns whether there was one */
  layLetter(letter: string): boolean {
    const tile = this.rack.find((one) => one.letter === letter);
    if (tile !== undefined) this.lay(tile);
    return tile !== undefined;
  }

  back(tile: Tile | undefined = this.#laid.at(-1)): void {
    this.#laid = this.#laid.filter((other) => other !== tile);
  }

  clear(): void {
    this.#laid = [];
  }

  /** Moves a tile on the rack to where another lies. */
  move(tile: Tile, to: Tile | undefined): void {
    const others = this.#tiles.filter((other) => other !== tile);
    this.#tiles = others.toSpliced(to === undefined ? others.length : this.#tiles.indexOf(to), 0, tile);
  }

  shuffle(): void {
    for (let i = this.#tiles.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [this.#tiles[i], this.#tiles[j]] = [this.#tiles[j] as Tile, this.#tiles[i] as Tile];
    }
  }
}
