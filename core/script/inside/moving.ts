/** Verbs that move: metres and metres per second. The copy changes at once, the bodies outside with the tick. */
import type { Point } from '../../contract/content.ts';
import { set } from './being.ts';
import { fastest, finite } from './checks.ts';
import { here, intend, type Obj, put } from './here.ts';
import { isFixed, wayBlocked } from './looking.ts';
import { place } from './objects.ts';
import { askBefore } from './run.ts';

export function velocity(object: Obj, x: unknown, y: unknown): void {
  const vx = finite(x, 'velocity x', -fastest, fastest);
  const vy = finite(y, 'velocity y', -fastest, fastest);
  put(object, 'walk', null);
  put(object, 'vx', vx);
  put(object, 'vy', vy);
  intend({ verb: 'velocity', id: object.id, vx, vy });
}

export function push(object: Obj, x: unknown, y: unknown): boolean {
  const ix = finite(x, 'push x');
  const iy = finite(y, 'push y');
  if (object.holder || object.type !== 'dynamic' || !object.physical || !object.shape) return false;
  if (
    object !== here.me &&
    (isFixed(object) || askBefore(object, 'push', here.event(here.me?.id ? { by: here.me } : {})) !== null)
  )
    return false;
  intend({ verb: 'push', id: object.id, ix, iy });
  return true;
}

/** Metres beyond which a walk that ended is begun again. */
const slack = { point: 0.5, object: 0.8 } as const;
/** Seconds before a way is looked for again. */
const patience = 2;

export function walkTo(object: Obj, to: Point, target: Obj | null, speed: number): 'there' | 'going' | 'stuck' {
  if (object.holder) return 'stuck';
  const goal = target ? target.id : { x: finite(to.x, 'x', 0, here.width), y: finite(to.y, 'y', 0, here.height) };
  const { walk } = object;
  const isSame = walk && walk.speed === speed && isSameGoal(walk.to, goal);
  const room = target ? object.radius + target.radius + slack.object : slack.point;
  const isThere = Math.hypot(to.x - object.x, to.y - object.y) <= room;
  if (isSame) {
    if (walk.status === 'going' || (walk.status === 'there' && isThere)) return walk.status;
    if (walk.status === 'stuck' && here.time - walk.since < patience) return 'stuck';
  }
  put(object, 'walk', { to: goal, speed, status: 'going', since: here.time });
  intend({ verb: 'walk', id: object.id, to: goal, speed });
  return 'going';
}

function isSameGoal(a: string | Point, b: string | Point): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return Math.hypot(a.x - b.x, a.y - b.y) < 0.05;
}

export function flee(object: Obj, from: Point, speed: number): void {
  const dx = object.x - from.x;
  const dy = object.y - from.y;
  const angle = dx === 0 && dy === 0 ? here.random() * 2 * Math.PI : Math.atan2(dy, dx);
  // Along a wall when it has its back to it.
  const turns = [0, 0.7, -0.7, 1.3, -1.3];
  const free = turns.find((turn) => !wayBlocked(object, ahead(object, angle + turn, 0.6))) ?? 0;
  heading(object, angle + free, speed);
}

export function wander(object: Obj, speed: number): void {
  const { stroll } = object;
  if (
    !stroll ||
    here.time >= stroll.until ||
    wayBlocked(object, ahead(object, Math.atan2(stroll.vy, stroll.vx), 0.5))
  ) {
    const rests = !!stroll && stroll.vx !== 0 && here.random() < 0.4;
    const angle = here.random() * 2 * Math.PI;
    const pace = rests ? 0 : speed;
    const until = here.time + 0.8 + here.random() * 2.4;
    put(object, 'stroll', { vx: Math.cos(angle) * pace, vy: Math.sin(angle) * pace, until });
    if (rests) velocity(object, 0, 0);
  }
  const now = object.stroll;
  if (!now || (now.vx === 0 && now.vy === 0)) return;
  heading(object, Math.atan2(now.vy, now.vx), speed);
}

function heading(object: Obj, angle: number, speed: number): void {
  velocity(object, Math.cos(angle) * speed, Math.sin(angle) * speed);
  face(object, angle);
}

function ahead(object: Obj, angle: number, metres: number): Point {
  const reach = object.radius + metres;
  return { x: object.x + Math.cos(angle) * reach, y: object.y + Math.sin(angle) * reach };
}

export function face(object: Obj, angle: number): void {
  // A body that turns a little every tick would be told every tick.
  if (Math.abs(Math.atan2(Math.sin(angle - object.angle), Math.cos(angle - object.angle))) < 0.01) return;
  set(object, { angle });
}

export function jump(object: Obj, x: number, y: number, checked: boolean): boolean {
  const inside = x >= 0 && y >= 0 && x <= here.width && y <= here.height;
  if (object.holder || !inside || (checked && wayBlocked(object, { x, y }))) return false;
  put(object, 'walk', null);
  place(object, x, y);
  intend({ verb: 'place', id: object.id, x, y, checked });
  return true;
}
