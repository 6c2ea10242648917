/** Who is not here any more, for a while: the answer to his last request may have been lost on its way. */

export type Why = 'unregistered' | 'named-gone';
/** Plain JSON: key, why, and until when it is known. */
export type FormerRow = readonly [string, { readonly why: Why; readonly untilS: number }];

const most = 1_000;
const keptS = 60;

export class Former {
  readonly #rows = new Map<string, FormerRow[1]>();

  add(key: string, why: Why, nowS: number): void {
    this.#rows.set(key, { why, untilS: nowS + keptS });
    for (const oldest of this.#rows.keys()) {
      if (this.#rows.size <= most) break;
      this.#rows.delete(oldest);
    }
  }

  whyOf(key: string): Why | undefined {
    return this.#rows.get(key)?.why;
  }

  sweep(nowS: number): void {
    for (const [key, { untilS }] of this.#rows) if (nowS > untilS) this.#rows.delete(key);
  }

  save(): readonly FormerRow[] {
    return [...this.#rows];
  }

  restore(rows: readonly FormerRow[]): void {
    this.#rows.clear();
    for (const [key, row] of rows) this.#rows.set(key, row);
  }
}
