/** What a step did to a body: where it is from now on, and what is told of it. */
import { Vec2 } from 'planck-js';
import { type Body, type Entry, placeOf, withinTurn } from './entry.ts';
import { clamp, isInside, type Moved } from './placed.ts';

/** Of a body that is awake after a step in a zone of that size; null when there is nothing to tell. */
export function follow(entry: Entry, width: number, height: number): Moved | null {
  const { body, last } = entry;
  if (isLost(body, width, height)) bringBack(entry, width, height);
  const { x, y } = body.getPosition();
  const { x: vx, y: vy } = body.getLinearVelocity();
  const angle = withinTurn(body.getAngle());
  if (x === last.x && y === last.y && angle === last.angle && vx === last.vx && vy === last.vy) return null;
  const now = { id: entry.id, x, y, angle, vx, vy };
  entry.moving = true;
  entry.last = now;
  return now;
}

/** A body that has come to rest is told once more. */
export function followToRest(entry: Entry): Moved {
  entry.moving = false;
  entry.last = placeOf(entry.body);
  return { id: entry.id, ...entry.last };
}

/** Whether planck let it out of the zone (kinematic bodies know no edge), or made it NaN. */
function isLost(body: Body, width: number, height: number): boolean {
  const { x, y } = body.getPosition();
  const velocity = body.getLinearVelocity();
  return !isInside(x, y, width, height) || !Number.isFinite(body.getAngle() + velocity.x + velocity.y);
}

function bringBack({ body, last }: Entry, width: number, height: number): void {
  const { x, y } = body.getPosition();
  const sound = Number.isFinite(x + y + body.getAngle() + body.getLinearVelocity().lengthSquared());
  const back = sound ? new Vec2(clamp(x, 0, width), clamp(y, 0, height)) : new Vec2(last.x, last.y);
  body.setTransform(back, sound ? body.getAngle() : last.angle);
  body.setLinearVelocity({ x: 0, y: 0 });
  body.setAngularVelocity(0);
}
