/** The solids of a zone as plain geometry: what lies in a box, and what is inside. No body, no planck. */
import type { Point, Solid } from '../../contract/content.ts';

export type Segment = { readonly a: Point; readonly b: Point };

export type SolidIndex = {
  /** Segments that may touch the box, each once, in a fixed order. */
  near(x0: number, y0: number, x1: number, y1: number): readonly Segment[];
  /** Whether a segment is nearer than the radius. */
  nearerThan(x: number, y: number, radius: number): boolean;
  /** Whether the point is in a filled solid: its winding number there is not zero. */
  inside(x: number, y: number): boolean;
};

/**
 * Segments by rows of one metre: both questions are asked for a place, and a place is few rows.
 * @param height  Metres; what lies above or below is kept in the first and last row.
 */
export function indexSolids(solids: readonly Solid[], height: number): SolidIndex {
  const count = Math.max(1, Math.ceil(height));
  const rowOf = (y: number) => Math.min(count - 1, Math.max(0, Math.floor(y)));
  const all: Row[][] = Array.from({ length: count }, () => []);
  let order = 0;
  for (const solid of solids) {
    for (const { a, b } of segmentsOf(solid)) {
      const row: Row = { a, b, filled: solid.closed, order: order++ };
      for (let y = rowOf(Math.min(a.y, b.y)); y <= rowOf(Math.max(a.y, b.y)); y++) all[y]?.push(row);
    }
  }
  return {
    near(x0, y0, x1, y1) {
      const found = new Set<Row>();
      for (let y = rowOf(y0); y <= rowOf(y1); y++) {
        for (const row of all[y] ?? []) {
          if (Math.max(row.a.x, row.b.x) < x0 || Math.min(row.a.x, row.b.x) > x1) continue;
          if (Math.max(row.a.y, row.b.y) < y0 || Math.min(row.a.y, row.b.y) > y1) continue;
          found.add(row);
        }
      }
      return [...found].sort((one, other) => one.order - other.order);
    },
    nearerThan(x, y, radius) {
      for (let row = rowOf(y - radius); row <= rowOf(y + radius); row++) {
        for (const segment of all[row] ?? []) if (squareTo(segment, x, y) < radius * radius) return true;
      }
      return false;
    },
    inside(x, y) {
      let winding = 0;
      for (const { a, b, filled } of all[rowOf(y)] ?? []) {
        if (!filled || a.y > y === b.y > y) continue;
        if (a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x) > x) winding += b.y > a.y ? 1 : -1;
      }
      return winding !== 0;
    },
  };
}

/** Square of the distance from the point to the segment. */
function squareTo({ a, b }: Segment, x: number, y: number): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy);
  const part = Math.min(1, Math.max(0, along));
  return (a.x + dx * part - x) ** 2 + (a.y + dy * part - y) ** 2;
}

type Row = Segment & { readonly filled: boolean; readonly order: number };

function* segmentsOf({ points, closed }: Solid): Generator<Segment> {
  const last = closed ? points.length : points.length - 1;
  for (let i = 0; i < last; i++) {
    yield { a: points[i] as Point, b: points[(i + 1) % points.length] as Point };
  }
}

/**
 * The points without those that stand on the one before: planck takes a chain with doubled points and then divides by
 * their distance. Fewer than two (three for a closed one) are nothing.
 */
export function cleanSolid(solid: Solid): Solid | null {
  const points: Point[] = [];
  for (const point of solid.points) {
    const last = points.at(-1);
    if (!last || Math.hypot(point.x - last.x, point.y - last.y) > CLOSEST) points.push(point);
  }
  const [first] = points;
  while (solid.closed && first && points.length > 1) {
    const last = points.at(-1) as Point;
    if (Math.hypot(first.x - last.x, first.y - last.y) > CLOSEST) break;
    points.pop();
  }
  return points.length < (solid.closed ? 3 : 2) ? null : { points, closed: solid.closed };
}

/** Metres: twice planck's linear slop. */
const CLOSEST = 0.01;
