/** A body of planck and what physics keeps of it beside. */
import type { Fixture, World } from 'planck-js';
import type { BodySpec } from '../../contract/content.ts';
import type { Placed, Spot } from './placed.ts';
import type { SavedBody } from './port.ts';
import type { Resting } from './rest.ts';

export type Body = ReturnType<World['createBody']>;

export type Entry = Resting & {
  readonly id: string;
  readonly body: Body;
  readonly fixture: Fixture;
  readonly spec: BodySpec;
  readonly ignore: ReadonlySet<string>;
  /** Square metres, 0 when it is static. */
  size: number;
  /** Where the crowd has it. */
  cell: number;
  /** As last told, and whether there is more to tell. */
  last: Placed;
  moving: boolean;
};

export type Entries = ReadonlyMap<string, Entry>;

/** Whose body it is; undefined for walls. */
export function entryOf(entries: Entries, fixture: Fixture): Entry | undefined {
  return entries.get(fixture.getBody().getUserData() as string);
}

export function placeOf(body: Body): Placed {
  const { x, y } = body.getPosition();
  const { x: vx, y: vy } = body.getLinearVelocity();
  return { x, y, angle: withinTurn(body.getAngle()), vx, vy };
}

/** The same direction, within half a turn of 0. */
export function withinTurn(angle: number): number {
  if (angle >= -Math.PI && angle < Math.PI) return angle;
  return angle - Math.round(angle / (2 * Math.PI)) * 2 * Math.PI;
}

export function isIgnored(a: Entry, b: Entry): boolean {
  return a.ignore.has(b.id) || b.ignore.has(a.id);
}

export function saveBody({ id, body, fixture, ignore, moving, anchor, stillFor, idleFor }: Entry): SavedBody {
  const { x, y, angle } = anchor;
  return {
    ...{ id, ...signless(placeOf(body)), spin: body.getAngularVelocity() + 0 },
    ...{ type: body.getType(), sensor: fixture.isSensor(), awake: body.isAwake() },
    ...{ moving, ignore: [...ignore], resting: { anchor: signless({ x, y, angle }), stillFor, idleFor } },
  };
}

/** Without -0, which JSON has not: the same after a file as before. */
function signless<T extends Spot & { readonly angle: number; readonly vx?: number; readonly vy?: number }>(at: T): T {
  const { x, y, angle, vx, vy } = at;
  const speed = vx === undefined || vy === undefined ? {} : { vx: vx + 0, vy: vy + 0 };
  return { ...at, x: x + 0, y: y + 0, angle: angle + 0, ...speed };
}
