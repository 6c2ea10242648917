/**
 * An object as Tiled draws it → where it is and its shape. Tiled has pixels, degrees, and an origin that depends on the
 * sort of object: rectangles and ellipses turn about their upper left corner, tiles about their lower left.
 */
import { area } from '../contract/body.ts';
import type { BodySpec, Point, Shape } from '../contract/content.ts';
import { bool, has, num, type Raw, raws } from './raw.ts';
import type { Tilesets } from './tiles.ts';
import { FLIPS } from './tiles.ts';
import { Wrong } from './wrong.ts';

/** Metres and radians in the zone. */
export type Drawn = {
  readonly form: 'box' | 'ellipse' | 'point' | 'polygon' | 'polyline';
  /** Centre. */
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  /** Of a box or ellipse, before it is turned. */
  readonly width: number;
  readonly height: number;
  /** Corners in the zone, turned: of a box and a polygon clockwise, of an ellipse 24 of them, of a polyline as drawn. */
  readonly corners: readonly Point[];
};

const MOST_CORNERS = 1_000;
const ELLIPSE_CORNERS = 24;

/**
 * @param offset  Of the layer, in pixels.
 * @param what    Names the object in a complaint.
 */
export function readDrawn(raw: Raw, offset: Point, pixelsPerMetre: number, tilesets: Tilesets, what: string): Drawn {
  const refused = ['text', 'template', 'capsule'].find((key) => has(raw, key));
  if (refused) throw new Wrong(`${what} is a ${refused}: not read`, raw.path);
  const at = { x: num(raw, 'x') + offset.x, y: num(raw, 'y') + offset.y };
  const angle = toRadians(num(raw, 'rotation', 0));
  const toZone = (point: Point): Point => {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return {
      x: (at.x + point.x * cos - point.y * sin) / pixelsPerMetre,
      y: (at.y + point.x * sin + point.y * cos) / pixelsPerMetre,
    };
  };
  if (has(raw, 'polygon')) return fromCorners(raw, 'polygon', toZone, angle, what);
  if (has(raw, 'polyline')) return fromCorners(raw, 'polyline', toZone, angle, what);
  const [width, height] = [num(raw, 'width', 0), num(raw, 'height', 0)];
  if (width < 0 || height < 0) throw new Wrong(`${what} has a negative size`, raw.path);
  if (bool(raw, 'point', false) || (width === 0 && height === 0)) {
    const centre = toZone({ x: 0, y: 0 });
    return { form: 'point', ...centre, angle, width: 0, height: 0, corners: [centre] };
  }
  if (width === 0 || height === 0) throw new Wrong(`${what} has no ${width === 0 ? 'width' : 'height'}`, raw.path);
  const origin = has(raw, 'gid') ? originOf(raw, tilesets, what) : { x: 0, y: 0 };
  const middle = { x: (0.5 - origin.x) * width, y: (0.5 - origin.y) * height };
  const form = bool(raw, 'ellipse', false) ? 'ellipse' : 'box';
  const around = form === 'ellipse' ? circle : square;
  return {
    form,
    ...toZone(middle),
    angle,
    width: width / pixelsPerMetre,
    height: height / pixelsPerMetre,
    corners: around.map(({ x, y }) => toZone({ x: middle.x + (x * width) / 2, y: middle.y + (y * height) / 2 })),
  };
}

function fromCorners(
  raw: Raw,
  form: 'polygon' | 'polyline',
  toZone: (point: Point) => Point,
  angle: number,
  what: string,
): Drawn {
  const drawn = raws(raw, form, MOST_CORNERS, 'a corner').map((corner) => {
    return toZone({ x: num(corner, 'x'), y: num(corner, 'y') });
  });
  const least = form === 'polygon' ? 3 : 2;
  if (drawn.length < least) throw new Wrong(`${what} has fewer than ${least} corners`, raw.path);
  const box = boxOf(drawn);
  if (form === 'polyline') return { form, ...box.centre, angle, width: 0, height: 0, corners: drawn };
  const filled = area(drawn);
  if (Math.abs(filled) < 1e-4) throw new Wrong(`${what} is a polygon without area`, raw.path);
  const corners = filled < 0 ? drawn.reverse() : drawn;
  return { form, ...centroid(corners), angle, width: box.width, height: box.height, corners };
}

/** Which part of a tile object its x and y are, as parts of its size. */
function originOf(raw: Raw, tilesets: Tilesets, what: string): Point {
  const found = tilesets.find((num(raw, 'gid') & ~FLIPS) >>> 0);
  if (!found) throw new Wrong(`${what} shows a tile that is in no tileset`, raw.path);
  const { alignment } = found.tileset;
  if (alignment === 'unspecified') return { x: 0, y: 1 };
  return {
    x: alignment.endsWith('left') ? 0 : alignment.endsWith('right') ? 1 : 0.5,
    y: alignment.startsWith('top') ? 0 : alignment.startsWith('bottom') ? 1 : 0.5,
  };
}

/** The body that a shape on the map means; null for points and lines. @throws Wrong for a polygon no body can have. */
export function toShape(drawn: Drawn, raw: Raw, what: string): Shape | null {
  const { width, height, x, y, angle } = drawn;
  switch (drawn.form) {
    case 'point':
    case 'polyline':
      return null;
    case 'box':
      return { shape: 'box', width, height };
    case 'ellipse':
      if (Math.abs(width - height) < 0.01) return { shape: 'circle', radius: (width + height) / 4 };
      return {
        shape: 'polygon',
        points: octagon.map((corner) => ({ x: (corner.x * width) / 2, y: (corner.y * height) / 2 })),
      };
    case 'polygon': {
      if (drawn.corners.length > 8) throw new Wrong(`${what} has ${drawn.corners.length} corners, at most 8`, raw.path);
      const [cos, sin] = [Math.cos(-angle), Math.sin(-angle)];
      const points = drawn.corners.map((corner) => {
        const [dx, dy] = [corner.x - x, corner.y - y];
        return { x: dx * cos - dy * sin, y: dx * sin + dy * cos };
      });
      return { shape: 'polygon', points };
    }
  }
}

/** `body` of a map object: how its shape takes part. */
export function toBody(shape: Shape, body: unknown, raw: Raw, what: string): BodySpec {
  switch (body) {
    case undefined:
    case 'dynamic':
      return shape;
    case 'static':
    case 'kinematic':
      return { ...shape, type: body };
    case 'sensor':
      return { ...shape, type: 'static', sensor: true };
    default:
      throw new Wrong(`property "body" of ${what} is static, dynamic, kinematic or sensor`, raw.path);
  }
}

/** The box around points. */
export function boxOf(points: readonly Point[]) {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return { centre: { x: (x0 + x1) / 2, y: (y0 + y1) / 2 }, width: x1 - x0, height: y1 - y0 };
}

function centroid(points: readonly Point[]): Point {
  const [first] = points as [Point];
  let [x, y, twice] = [0, 0, 0];
  for (let i = 0; i < points.length; i++) {
    const [a, b] = [points[i] as Point, points[(i + 1) % points.length] as Point];
    const cross = (a.x - first.x) * (b.y - first.y) - (b.x - first.x) * (a.y - first.y);
    x += (a.x + b.x - 2 * first.x) * cross;
    y += (a.y + b.y - 2 * first.y) * cross;
    twice += cross;
  }
  return { x: first.x + x / (3 * twice), y: first.y + y / (3 * twice) };
}

/** −π to π. */
function toRadians(degrees: number): number {
  const turns = degrees / 360;
  return (turns - Math.round(turns)) * 2 * Math.PI;
}

function ring(count: number): readonly Point[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count;
    return { x: Math.cos(angle), y: Math.sin(angle) };
  });
}

const circle = ring(ELLIPSE_CORNERS);
const octagon = ring(8);
const square: readonly Point[] = [
  { x: -1, y: -1 },
  { x: 1, y: -1 },
  { x: 1, y: 1 },
  { x: -1, y: 1 },
];
