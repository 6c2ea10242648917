/**
 * Ways round what never moves: A* over points half a metre apart, straightened afterwards. The same question about the
 * same world gives the same way.
 */
import type { Point } from '../contract/content.ts';

export type PathOptions = {
  /** Metres. */
  readonly width: number;
  readonly height: number;
  /** Whether a circle there would touch something that never moves. */
  readonly blocked: (x: number, y: number, radius: number) => boolean;
  /** A number that changes when the answers of `blocked` may have changed. */
  readonly version: () => number;
};

export type Paths = {
  /**
   * Points to walk through, in order; the last is `to` itself, also when that is inside something: then the way leads
   * as near as one can get. `[to]` when the line is free, or the walker has no radius and so no body.
   * @returns null when there is no way, or none was found within {@link MOST_STEPS} steps.
   */
  find(from: Point, to: Point, radius: number): readonly Point[] | null;
  /** What all searches so far took: points of the grid and looks into the world, each a microsecond or two. */
  spent(): number;
};

/** Metres between points of the grid. They lie on the corners and the middles of tiles: corridors one tile wide stay open. */
const CELL = 0.5;
/** Points one search may look at: some 20 ms. */
export const MOST_STEPS = 20_000;
/** Metres: a thinner walker is led as if it were so wide, for nothing may hide between four points of the grid. */
const THINNEST = 0.31;
/** Places tried for straight lines in one call, each a look into the world. */
const MOST_LOOKS = 600;
/** Grids kept, one per radius; failures kept. */
const MOST_GRIDS = 8;
const MOST_FAILURES = 512;
/** Metres round a goal that itself cannot be stood on. */
const NEAR_GOAL = 3;

const UNKNOWN = 0;
const FREE = 1;
/** Points of a grid that are made in the time of one look. */
const MADE_IN_A_LOOK = 2_000;

export function createPaths({ width, height, blocked: isBlocked, version }: PathOptions): Paths {
  const columns = Math.floor(width / CELL) + 1;
  const rows = Math.floor(height / CELL) + 1;
  let spent = 0;
  const search = createSearch(columns, rows, (steps) => {
    spent += steps;
  });
  const grids = new Map<number, Uint8Array>();
  const failures = new Set<string>();
  let seen = version();

  function blocked(x: number, y: number, radius: number): boolean {
    spent++;
    return isBlocked(x, y, radius);
  }

  const pointOf = (node: number): Point => ({ x: (node % columns) * CELL, y: Math.floor(node / columns) * CELL });

  function forgetWhenChanged(): void {
    if (version() === seen) return;
    seen = version();
    grids.clear();
    failures.clear();
  }

  function gridFor(radius: number): Uint8Array {
    let grid = grids.get(radius);
    if (!grid) {
      if (grids.size >= MOST_GRIDS) grids.clear();
      grid = new Uint8Array(columns * rows);
      spent += Math.ceil(grid.length / MADE_IN_A_LOOK);
      grids.set(radius, grid);
    }
    return grid;
  }

  /** Whether a walker can stand on a point of the grid; each is looked up in the world once. */
  function isFree(grid: Uint8Array, node: number, radius: number): boolean {
    if (grid[node] === UNKNOWN) {
      const { x, y } = pointOf(node);
      grid[node] = blocked(x, y, radius) ? FREE + 1 : FREE;
    }
    return grid[node] === FREE;
  }

  /** Whether a walker gets from one place to the other on a straight line; false also when the looks are used up. */
  function isLineFree(from: Point, to: Point, radius: number, looks: { left: number }): boolean {
    const far = Math.hypot(to.x - from.x, to.y - from.y);
    const count = Math.ceil(far / radius);
    looks.left -= count;
    if (looks.left < 0) return false;
    for (let i = 1; i <= count; i++) {
      const part = i / count;
      if (blocked(from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part, radius)) return false;
    }
    return true;
  }

  /** Free points of the grid within a reach, nearest first. */
  function around(at: Point, reach: number, isNodeFree: (node: number) => boolean): number[] {
    const found: { node: number; far: number }[] = [];
    for (let row = Math.ceil((at.y - reach) / CELL); row <= Math.floor((at.y + reach) / CELL); row++) {
      for (let column = Math.ceil((at.x - reach) / CELL); column <= Math.floor((at.x + reach) / CELL); column++) {
        if (row < 0 || column < 0 || row >= rows || column >= columns) continue;
        const far = Math.hypot(column * CELL - at.x, row * CELL - at.y);
        const node = row * columns + column;
        if (far <= reach && isNodeFree(node)) found.push({ node, far });
      }
    }
    return found.sort((a, b) => a.far - b.far || a.node - b.node).map(({ node }) => node);
  }

  /** Where a search may end: points with a free line to the goal, or, when it cannot be stood on, those nearest to it. */
  function endsOf(to: Point, radius: number, isNodeFree: (node: number) => boolean, looks: { left: number }): number[] {
    if (!blocked(to.x, to.y, radius)) {
      return around(to, 2 * CELL, isNodeFree).filter((node) => isLineFree(pointOf(node), to, radius, looks));
    }
    const near = around(to, NEAR_GOAL, isNodeFree);
    const [first] = near;
    if (first === undefined) return [];
    const nearest = distance(pointOf(first), to);
    return near.filter((node) => distance(pointOf(node), to) <= nearest + 2 * CELL);
  }

  /** Leaves out what lies on a free line between two others. */
  function straighten(points: readonly Point[], radius: number, looks: { left: number }): Point[] {
    const kept: Point[] = [];
    let at = points[0] as Point;
    for (let i = 1; i < points.length - 1; i++) {
      if (isLineFree(at, points[i + 1] as Point, radius, looks)) continue;
      at = points[i] as Point;
      kept.push(at);
    }
    return [...kept, points.at(-1) as Point];
  }

  return {
    find(from, to, radius) {
      if (!Number.isFinite(from.x + from.y + to.x + to.y)) return null;
      if (radius <= 0) return [to];
      forgetWhenChanged();
      const looks = { left: MOST_LOOKS };
      // A hair thinner than it is: it may rest against what it passes.
      if (isLineFree(from, to, radius * 0.95, looks)) return [to];

      const wide = Math.max(THINNEST, Math.ceil(radius * 20) / 20);
      const key = [
        Math.round(from.x),
        Math.round(from.y),
        Math.round(to.x / CELL),
        Math.round(to.y / CELL),
        wide,
      ].join();
      if (failures.has(key)) return null;
      const grid = gridFor(wide);
      const isNodeFree = (node: number) => isFree(grid, node, wide);
      looks.left = MOST_LOOKS;
      const starts = around(from, 3 * CELL, isNodeFree);
      const start = starts.find((node) => isLineFree(from, pointOf(node), radius * 0.8, looks)) ?? starts[0];
      const ends = endsOf(to, radius * 0.95, isNodeFree, looks);
      const way = start === undefined ? null : search(start, ends, isNodeFree);
      if (!way) {
        if (failures.size >= MOST_FAILURES) failures.clear();
        failures.add(key);
        return null;
      }
      looks.left = MOST_LOOKS;
      return straighten([from, ...way.filter(turnsIn).map(pointOf), to], radius * 0.95, looks);
    },
    spent: () => spent,
  };
}

/** Whether a way along the grid begins, ends or turns at the point. */
function turnsIn(node: number, i: number, way: readonly number[]): boolean {
  const [before, after] = [way[i - 1], way[i + 1]];
  return before === undefined || after === undefined || node - before !== after - node;
}

/** The eight ways on, straight ones first. */
const ways: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
  [1, 1],
  [-1, 1],
  [-1, -1],
  [1, -1],
];

/** A* on the grid. Its columns of numbers are made once and marked by search, so that a search begins at no cost. */
function createSearch(columns: number, rows: number, took: (steps: number) => void) {
  const size = columns * rows;
  const cost = new Float64Array(size);
  const from = new Int32Array(size);
  const opened = new Uint32Array(size);
  const closed = new Uint32Array(size);
  let round = 0;

  return (start: number, ends: readonly number[], isFree: (node: number) => boolean): number[] | null => {
    const [goal] = ends;
    if (goal === undefined) return null;
    const wanted = new Set(ends);
    const heap = createHeap();
    const goalX = goal % columns;
    const goalY = Math.floor(goal / columns);
    const guess = (node: number) => {
      const dx = Math.abs((node % columns) - goalX);
      const dy = Math.abs(Math.floor(node / columns) - goalY);
      return Math.max(dx, dy) + (Math.SQRT2 - 1) * Math.min(dx, dy);
    };
    round++;
    cost[start] = 0;
    from[start] = -1;
    opened[start] = round;
    heap.push(start, guess(start));
    let found: number | undefined;
    let steps = 0;
    for (; steps < MOST_STEPS; steps++) {
      const node = heap.pop();
      if (node === undefined) break;
      if (wanted.has(node)) {
        found = node;
        break;
      }
      if (closed[node] === round) continue;
      closed[node] = round;
      const x = node % columns;
      const y = Math.floor(node / columns);
      for (const [dx, dy] of ways) {
        if (x + dx < 0 || y + dy < 0 || x + dx >= columns || y + dy >= rows) continue;
        const next = node + dx + dy * columns;
        if (closed[next] === round || !isFree(next)) continue;
        // No cutting of corners.
        if (dx !== 0 && dy !== 0 && !(isFree(node + dx) && isFree(node + dy * columns))) continue;
        const far = (cost[node] as number) + (dx !== 0 && dy !== 0 ? Math.SQRT2 : 1);
        if (opened[next] === round && far >= (cost[next] as number)) continue;
        opened[next] = round;
        cost[next] = far;
        from[next] = node;
        heap.push(next, far + guess(next));
      }
    }
    took(steps);
    return found === undefined ? null : trace(found);
  };

  function trace(end: number): number[] {
    const way: number[] = [];
    for (let node = end; node !== -1; node = from[node] as number) way.push(node);
    return way.reverse();
  }
}

/** Least first; of equal ones the smaller node, so that the order of insertion does not matter. */
function createHeap() {
  const items: { readonly node: number; readonly rank: number }[] = [];
  const isBefore = (a: number, b: number) => {
    const [one, other] = [items[a], items[b]];
    if (!one || !other) return false;
    return one.rank < other.rank || (one.rank === other.rank && one.node < other.node);
  };
  const swap = (a: number, b: number) => {
    const item = items[a];
    items[a] = items[b] as (typeof items)[number];
    items[b] = item as (typeof items)[number];
  };

  return {
    push(node: number, rank: number) {
      items.push({ node, rank });
      for (let at = items.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    pop(): number | undefined {
      const first = items[0];
      const last = items.pop();
      if (first === undefined || last === undefined || items.length === 0) return first?.node;
      items[0] = last;
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        const least = isBefore(right, left) ? right : left;
        if (!isBefore(least, at)) break;
        swap(at, least);
        at = least;
      }
      return first.node;
    },
  };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
