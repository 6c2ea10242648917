/** Where newcomers appear: in an area, beside what stands there. */
import type { Area, Point } from '../contract/content.ts';
import type { MoveTarget } from '../contract/link.ts';
import type { Objects, Thing } from './objects.ts';

export type PlacesOptions = {
  readonly areas: readonly Area[];
  readonly objects: Objects;
  readonly width: number;
  readonly height: number;
  /** Whether a circle there would touch something that never moves. */
  readonly blocked: (x: number, y: number, radius: number) => boolean;
};

const goldenAngle = Math.PI * (3 - Math.sqrt(5));
/** Places tried around the wanted one, each a little further away. */
const tries = 96;

/** The point a target means: an area's centre, the point itself, else the spawn, else the middle of the zone. */
export function toPoint(target: MoveTarget, { areas, width, height }: PlacesOptions): Point {
  if (target !== null && typeof target !== 'string' && Number.isFinite(target.x + target.y)) {
    return { x: clamp(target.x, width), y: clamp(target.y, height) };
  }
  const named = typeof target === 'string' ? areas.find(({ name }) => name === target) : undefined;
  const area = named ?? areas.find(({ name }) => name === 'spawn');
  return area ? { x: clamp(area.x, width), y: clamp(area.y, height) } : { x: width / 2, y: height / 2 };
}

/** A free place for who comes, a circle, near the target; the target itself when everything around is taken. */
export function findPlace(who: Thing, target: MoveTarget, radius: number, options: PlacesOptions): Point {
  const wanted = toPoint(target, options);
  const step = Math.max(radius, 0.25);
  for (let i = 0; i < tries; i++) {
    const far = step * 1.5 * Math.sqrt(i);
    const x = wanted.x + far * Math.cos(i * goldenAngle);
    const y = wanted.y + far * Math.sin(i * goldenAngle);
    if (x < radius || y < radius || x > options.width - radius || y > options.height - radius) continue;
    if (!options.blocked(x, y, step) && !isTaken(options.objects, who, x, y, radius + step)) return { x, y };
  }
  return wanted;
}

/** Where it is written to stand already, it is not in its own way. */
function isTaken(objects: Objects, who: Thing, x: number, y: number, within: number): boolean {
  return objects.all().some((thing) => {
    if (!thing.physical || thing.holder !== null || thing === who) return false;
    return Math.hypot(thing.x - x, thing.y - y) < within;
  });
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
