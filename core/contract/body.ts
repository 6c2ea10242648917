/** What a body may be: checked where designers' files are read, inside the sandbox, and again before physics. */
import type { BodySpec, Point, Shape } from './content.ts';

export const bodyLimits = {
  /** Metres: radius, half a side, or a corner's distance from the centre. */
  smallest: 0.05,
  largest: 50,
  /** Corners of a polygon. */
  corners: 8,
  /** Metres per second. */
  speed: 100,
  /** kg per square metre. */
  lightest: 0.001,
  heaviest: 1000,
  friction: 10,
  /** Per second. */
  damping: 1000,
} as const;

/** Why the body is refused, in one sentence, or null when it is fine. Numbers may be anything at run time. */
export function whyNotBody(spec: BodySpec): string | null {
  const { density = 1, friction = 0, restitution = 0, damping = 0 } = spec;
  if (!within(density, bodyLimits.lightest, bodyLimits.heaviest)) {
    return `density is ${density}, wanted ${bodyLimits.lightest} to ${bodyLimits.heaviest}`;
  }
  if (!within(friction, 0, bodyLimits.friction)) return `friction is ${friction}, wanted 0 to ${bodyLimits.friction}`;
  if (!within(restitution, 0, 1)) return `restitution is ${restitution}, wanted 0 to 1`;
  if (!within(damping, 0, bodyLimits.damping)) return `damping is ${damping}, wanted 0 to ${bodyLimits.damping}`;
  return whyNotShape(spec);
}

/** Why the shape is refused, or null when it is fine. */
export function whyNotShape(shape: Shape): string | null {
  const { smallest, largest } = bodyLimits;
  switch (shape.shape) {
    case 'circle':
      return within(shape.radius, smallest, largest)
        ? null
        : `radius is ${shape.radius}, wanted ${smallest} to ${largest}`;
    case 'box':
      if (!within(shape.width, 2 * smallest, 2 * largest)) {
        return `width is ${shape.width}, wanted ${2 * smallest} to ${2 * largest}`;
      }
      return within(shape.height, 2 * smallest, 2 * largest)
        ? null
        : `height is ${shape.height}, wanted ${2 * smallest} to ${2 * largest}`;
    case 'polygon':
      return whyNotPolygon(shape.points);
    default:
      return 'a shape is a circle, a box or a polygon';
  }
}

function whyNotPolygon(points: readonly Point[]): string | null {
  if (points.length < 3 || points.length > bodyLimits.corners) {
    return `a polygon has ${points.length} corners, wanted 3 to ${bodyLimits.corners}`;
  }
  for (const { x, y } of points) {
    if (!within(Math.hypot(x, y), 0, bodyLimits.largest)) {
      return `a corner of the polygon is further than ${bodyLimits.largest} from its centre`;
    }
  }
  if (Math.abs(area(points)) < 2 * bodyLimits.smallest ** 2) return 'the polygon is too thin';
  return isConvex(points) ? null : 'the polygon is not convex';
}

/** Area between the points; positive when they run clockwise on the screen (y down). */
export function area(points: readonly Point[]): number {
  let sum = 0;
  for (let i = 0; i < points.length; i++) {
    const a = points[i] as Point;
    const b = points[(i + 1) % points.length] as Point;
    sum += a.x * b.y - b.x * a.y;
  }
  return sum / 2;
}

/** Whether every corner lies strictly on the inner side of every side (stars and doubled corners do not). */
export function isConvex(points: readonly Point[]): boolean {
  const way = Math.sign(area(points));
  return points.every((a, i) => {
    const next = (i + 1) % points.length;
    const b = points[next] as Point;
    return points.every((c, j) => {
      if (j === i || j === next) return true;
      return way * ((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)) > 1e-9;
    });
  });
}

/** False for NaN and infinity as well. */
function within(value: number, least: number, most: number): boolean {
  return Number.isFinite(value) && value >= least && value <= most;
}
