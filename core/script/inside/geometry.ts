/** Shapes against shapes, in metres. Good enough to answer at once; the physics outside has the last word. */

import type { Point, Solid } from '../../contract/content.ts';
import type { Placed } from '../../contract/driver.ts';

/** Bodies this near count as touching: physics keeps a little room between them. */
const skin = 0.03;

/** Metres from the centre to the farthest point. */
export function reachOf(placed: Placed): number {
  const { shape } = placed;
  if (shape.shape === 'circle') return shape.radius;
  if (shape.shape === 'box') return Math.hypot(shape.width, shape.height) / 2;
  return Math.max(0, ...shape.points.map((p) => Math.hypot(p.x, p.y)));
}

/** Metres between the edges of two shapes, 0 when they overlap. */
export function gap(a: Placed, b: Placed): number {
  if (a.shape.shape === 'circle' && b.shape.shape === 'circle') {
    return Math.max(0, Math.hypot(a.x - b.x, a.y - b.y) - a.shape.radius - b.shape.radius);
  }
  if (a.shape.shape === 'circle') return Math.max(0, toPolygon(a, corners(b)) - a.shape.radius);
  if (b.shape.shape === 'circle') return Math.max(0, toPolygon(b, corners(a)) - b.shape.radius);
  return betweenPolygons(corners(a), corners(b));
}

export function touches(a: Placed, b: Placed): boolean {
  return gap(a, b) <= skin;
}

/** Corners in the zone's coordinates. */
function corners(placed: Placed): readonly Point[] {
  const { shape, x, y, angle } = placed;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const local =
    shape.shape === 'polygon' ? shape.points : shape.shape === 'box' ? boxOf(shape.width / 2, shape.height / 2) : [];
  return local.map((p) => ({ x: x + p.x * cos - p.y * sin, y: y + p.x * sin + p.y * cos }));
}

function boxOf(w: number, h: number): readonly Point[] {
  return [
    { x: -w, y: -h },
    { x: w, y: -h },
    { x: w, y: h },
    { x: -w, y: h },
  ];
}

/** Metres from a point to a polygon, 0 inside. */
function toPolygon(point: Point, polygon: readonly Point[]): number {
  if (isIn(point, polygon)) return 0;
  let least = Number.POSITIVE_INFINITY;
  eachSide(polygon, true, (a, b) => {
    least = Math.min(least, toSegment(point, a, b));
    return false;
  });
  return least;
}

function betweenPolygons(a: readonly Point[], b: readonly Point[]): number {
  let least = Number.POSITIVE_INFINITY;
  if (a.some((p) => isIn(p, b)) || b.some((p) => isIn(p, a))) return 0;
  eachSide(a, true, (a1, a2) =>
    eachSide(b, true, (b1, b2) => {
      least = Math.min(least, betweenSegments(a1, a2, b1, b2));
      return least === 0;
    }),
  );
  return least;
}

/** Whether a point lies inside a polygon. */
export function isIn(point: Point, polygon: readonly Point[]): boolean {
  let inside = false;
  eachSide(polygon, true, (a, b) => {
    if (a.y > point.y !== b.y > point.y && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x)
      inside = !inside;
    return false;
  });
  return inside;
}

/** Metres from a point to a segment. */
export function toSegment(point: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length));
  return Math.hypot(point.x - a.x - t * dx, point.y - a.y - t * dy);
}

function betweenSegments(a: Point, b: Point, c: Point, d: Point): number {
  if (cross(a, b, c, d)) return 0;
  return Math.min(toSegment(a, c, d), toSegment(b, c, d), toSegment(c, a, b), toSegment(d, a, b));
}

/** Whether two segments cross. */
function cross(a: Point, b: Point, c: Point, d: Point): boolean {
  const side = (p: Point, q: Point, r: Point) => Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

/** Runs for each side until one answers true. */
function eachSide(points: readonly Point[], closed: boolean, run: (a: Point, b: Point) => boolean): boolean {
  for (let i = closed ? 0 : 1; i < points.length; i++) {
    const a = points[i === 0 ? points.length - 1 : i - 1] as Point;
    if (run(a, points[i] as Point)) return true;
  }
  return false;
}

/** Whether a way of `radius` metres to each side from `a` to `b` meets a solid. */
export function meetsSolid(solids: readonly Solid[], a: Point, b: Point, radius: number): boolean {
  return solids.some((solid) =>
    eachSide(solid.points, solid.closed, (c, d) => {
      if (Math.min(c.x, d.x) > Math.max(a.x, b.x) + radius || Math.max(c.x, d.x) < Math.min(a.x, b.x) - radius)
        return false;
      if (Math.min(c.y, d.y) > Math.max(a.y, b.y) + radius || Math.max(c.y, d.y) < Math.min(a.y, b.y) - radius)
        return false;
      return betweenSegments(a, b, c, d) < radius || cross(a, b, c, d);
    }),
  );
}

/** Whether a way meets a shape. */
export function meetsShape(placed: Placed, a: Point, b: Point, radius: number): boolean {
  const { shape } = placed;
  if (shape.shape === 'circle') return toSegment(placed, a, b) < radius + shape.radius;
  const polygon = corners(placed);
  return (
    isIn(a, polygon) ||
    isIn(b, polygon) ||
    eachSide(polygon, true, (c, d) => betweenSegments(a, b, c, d) < radius || cross(a, b, c, d))
  );
}
