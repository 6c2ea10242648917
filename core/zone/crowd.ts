/** How many bodies stand in each square metre of a zone, so that no heap can form that one step cannot solve. */

export type Crowd = {
  enter(x: number, y: number): void;
  leave(x: number, y: number): void;
  /** Whether one more may stand there. */
  hasRoom(x: number, y: number): boolean;
  /** Places to try, nearest first: the place itself, then the same spot in the square metres around it. */
  around(x: number, y: number): Generator<{ readonly x: number; readonly y: number }>;
};

/** 500 circles at one point take planck 3.4 s for one step; 16 in a square metre are apart in a few. */
const MOST_PER_SQUARE_METRE = 16;
/** Metres a body may be placed beside where it was wanted. */
const FURTHEST = 8;

export function createCrowd(width: number, height: number): Crowd {
  const columns = Math.ceil(width);
  const cells = new Map<number, number>();
  const cellOf = (x: number, y: number) => Math.floor(y) * columns + Math.floor(x);

  return {
    enter(x, y) {
      const cell = cellOf(x, y);
      cells.set(cell, (cells.get(cell) ?? 0) + 1);
    },
    leave(x, y) {
      const cell = cellOf(x, y);
      const count = (cells.get(cell) ?? 0) - 1;
      if (count > 0) cells.set(cell, count);
      else cells.delete(cell);
    },
    hasRoom: (x, y) => (cells.get(cellOf(x, y)) ?? 0) < MOST_PER_SQUARE_METRE,
    *around(x, y) {
      for (const step of rings) {
        const place = { x: x + step.x, y: y + step.y };
        if (place.x >= 0 && place.y >= 0 && place.x <= width && place.y <= height) yield place;
      }
    },
  };
}

/** Whole steps within FURTHEST, nearest first; equal ones by row, then column. */
const rings: readonly { readonly x: number; readonly y: number }[] = Array.from(
  { length: (2 * FURTHEST + 1) ** 2 },
  (_, i) => ({ x: (i % (2 * FURTHEST + 1)) - FURTHEST, y: Math.floor(i / (2 * FURTHEST + 1)) - FURTHEST }),
)
  .filter(({ x, y }) => x * x + y * y <= FURTHEST * FURTHEST)
  .sort((a, b) => a.x * a.x + a.y * a.y - (b.x * b.x + b.y * b.y) || a.y - b.y || a.x - b.x);
