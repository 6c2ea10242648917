/** Which pairs began or stopped touching since somebody asked: the two ends of a contact, each told once. */

/** Ids with the smaller first, and whether the contact began. */
export type Touch = readonly [string, string, boolean];

export type Touches = {
  begin(a: string, b: string): void;
  end(a: string, b: string): void;
  /** What changed since the last call, by id pair. A contact that began and ended in between is told in two calls. */
  take(): readonly Touch[];
  save(): readonly SavedTouch[];
  /** Pairs of a world that is being built anew: which of them still touch is heard again, up to `settle`. */
  restore(saved: readonly SavedTouch[]): void;
  /** Everybody who touches was heard: the others have parted. */
  settle(): void;
  /** Whether `take` would give something. */
  readonly waiting: boolean;
};

/** A pair as it stands: touching, begun since it was asked for, told, with something to tell. */
export type SavedTouch = readonly [string, string, boolean, boolean, boolean, boolean];

type Pair = { readonly a: string; readonly b: string; touching: boolean; began: boolean; told: boolean };

export function createTouches(): Touches {
  const pairs = new Map<string, Pair>();
  const changed = new Set<Pair>();
  /** Pairs that touched in the world before, whether they have something to tell, and which of them were heard again. */
  const going = new Map<Pair, boolean>();
  const heard = new Set<Pair>();

  const find = (one: string, other: string): Pair => {
    const [a, b] = one < other ? [one, other] : [other, one];
    const key = `${a} ${b}`;
    const pair = pairs.get(key) ?? { a, b, touching: false, began: false, told: false };
    pairs.set(key, pair);
    changed.add(pair);
    return pair;
  };

  /** What to tell of the pair now; keeps it for the next call when its end is still to come. */
  const tell = (pair: Pair): Touch | null => {
    const begins = !pair.told && (pair.touching || pair.began);
    const ends = pair.told && !pair.touching;
    pair.began = false;
    if (begins) pair.told = true;
    if (ends) pair.told = false;
    if (!begins || pair.touching) changed.delete(pair);
    if (!pair.told && !pair.touching) pairs.delete(`${pair.a} ${pair.b}`);
    return begins || ends ? [pair.a, pair.b, begins] : null;
  };

  return {
    begin(a, b) {
      const pair = find(a, b);
      if (going.has(pair)) {
        heard.add(pair);
        return;
      }
      pair.touching = true;
      pair.began = true;
    },
    end(a, b) {
      find(a, b).touching = false;
    },
    take() {
      if (changed.size === 0) return [];
      const told = [...changed].map(tell).filter((touch) => touch !== null);
      return told.sort((one, other) => compare(one[0], other[0]) || compare(one[1], other[1]));
    },
    save: () => [...pairs.values()].map((p) => [p.a, p.b, p.touching, p.began, p.told, changed.has(p)]),
    restore(saved) {
      for (const [a, b, touching, began, told, waits] of saved) {
        const pair = { a, b, touching, began, told };
        pairs.set(`${a} ${b}`, pair);
        if (waits) changed.add(pair);
        if (touching) going.set(pair, waits);
      }
    },
    settle() {
      for (const [pair, waits] of going) {
        if (heard.has(pair)) {
          if (!waits) changed.delete(pair);
        } else {
          pair.touching = false;
          changed.add(pair);
        }
      }
      going.clear();
      heard.clear();
    },
    get waiting() {
      return changed.size > 0;
    },
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
