/** Who stands in which square metre of a zone, so that no heap can form that one step cannot solve. */

/**
 * Something with a place. `size` is its area in square metres, 0 when it takes no room (what is static pushes nobody);
 * `cell` is the crowd's to set, `NOWHERE` at first.
 */
type Stander = { readonly last: Spot; readonly size: number; cell: number };
type Spot = { readonly x: number; readonly y: number };

export const NOWHERE = -1;

export type Crowd<T extends Stander> = {
  /** Notes where it stands now. */
  stand(it: T): void;
  leave(it: T): void;
  /**
   * The place wanted when there is room for one more of that size, else the nearest spot that has, and that `suits`.
   * Nobody's centre is within a millimetre of it: planck cannot push two bodies apart whose centres are one.
   */
  findRoom(size: number, at: Spot, suits: (spot: Spot) => boolean, self?: T): Spot | undefined;
};

/** 500 circles at one point take planck 3.4 s for one step; 16 in a square metre are apart in a few. */
const MOST_PER_SQUARE_METRE = 16;
/** Square metres of bodies with their centre in one square metre. One is always allowed. */
const MOST_AREA = 4;
/** Metres a body may be placed beside where it was wanted. */
const FURTHEST = 8;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

export function createCrowd<T extends Stander>(width: number, height: number): Crowd<T> {
  const columns = Math.ceil(width) + 1;
  const cells = new Map<number, Set<T>>();
  const cellAt = ({ x, y }: Spot) => Math.floor(y) * columns + Math.floor(x);

  const leave = (it: T) => {
    const { cell } = it;
    if (cell === NOWHERE) return;
    it.cell = NOWHERE;
    const there = cells.get(cell);
    there?.delete(it);
    if (there?.size === 0) cells.delete(cell);
  };

  const hasRoom = (size: number, spot: Spot, self?: T) => {
    let [count, area] = [0, 0];
    for (const other of cells.get(cellAt(spot)) ?? []) {
      if (other === self || other.size === 0) continue;
      count++;
      area += other.size;
    }
    return count === 0 || (count < MOST_PER_SQUARE_METRE && area + size <= MOST_AREA);
  };

  const isTaken = (spot: Spot, self?: T) => {
    for (const other of cells.get(cellAt(spot)) ?? []) {
      if (other !== self && Math.hypot(other.last.x - spot.x, other.last.y - spot.y) < 0.001) return true;
    }
    return false;
  };

  /** The spot, or one a few centimetres away on a spiral, in the same square metre. */
  const apart = (spot: Spot, self?: T): Spot => {
    let place = spot;
    for (let i = 1; i < 100 && isTaken(place, self); i++) {
      const far = 0.01 * Math.sqrt(i);
      place = {
        x: Math.min(width, fold(spot.x, far * Math.cos(i * GOLDEN_ANGLE))),
        y: Math.min(height, fold(spot.y, far * Math.sin(i * GOLDEN_ANGLE))),
      };
    }
    return place;
  };

  return {
    stand(it) {
      const cell = cellAt(it.last);
      if (it.cell === cell) return;
      leave(it);
      it.cell = cell;
      const there = cells.get(cell);
      if (there) there.add(it);
      else cells.set(cell, new Set([it]));
    },
    leave,
    findRoom(size, at, suits, self) {
      for (const step of rings) {
        const spot = { x: at.x + step.x, y: at.y + step.y };
        if (spot.x < 0 || spot.y < 0 || spot.x > width || spot.y > height) continue;
        const wanted = step.x === 0 && step.y === 0;
        if (size > 0 && !hasRoom(size, spot, self)) continue;
        if (wanted || suits(spot)) return apart(spot, self);
      }
      return undefined;
    },
  };
}

/** `from` and a little more or less, thrown back where that would leave its metre. */
function fold(from: number, by: number): number {
  const metre = Math.floor(from);
  const part = Math.abs(from - metre + by);
  return metre + (part < 1 ? part : 2 - part - 1e-9);
}

/** Whole steps within FURTHEST, nearest first; equal ones by row, then column. */
const rings: readonly Spot[] = Array.from({ length: (2 * FURTHEST + 1) ** 2 }, (_, i) => ({
  x: (i % (2 * FURTHEST + 1)) - FURTHEST,
  y: Math.floor(i / (2 * FURTHEST + 1)) - FURTHEST,
}))
  .filter(({ x, y }) => x * x + y * y <= FURTHEST * FURTHEST)
  .sort((a, b) => a.x * a.x + a.y * a.y - (b.x * b.x + b.y * b.y) || a.y - b.y || a.x - b.x);
