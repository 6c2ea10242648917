/**
 * Objects on their way: each tick a walker's velocity points along its way to a place or to another object, round what
 * does not move, until it is there, stuck, or told something else.
 */
import type { Point } from '../contract/content.ts';
import type { ObjectId } from '../contract/link.ts';
import type { Bodies } from './bodies.ts';
import type { Objects, Thing } from './objects.ts';
import type { Paths } from './path.ts';

export type WalkStatus = 'going' | 'there' | 'stuck';

export interface Walks {
  start(thing: Thing, to: ObjectId | Point, speed: number): void;
  stop(id: ObjectId): void;
  /** Points everybody on the way along it. */
  steer(dt: number): void;
  going(): boolean;
  /** Where walks stand, changes since the last call, in id order. */
  takeStatuses(): readonly (readonly [ObjectId, WalkStatus])[];
  waiting(): boolean;
  save(): SavedWalks;
  /** Goes on with those of another space; their things are looked up. */
  restore(saved: SavedWalks): void;
}

export type SavedWalk = {
  readonly id: ObjectId;
  readonly to: ObjectId | Point;
  readonly speed: number;
  readonly way: readonly Point[];
  readonly goal: Point | null;
  /** Null: not looked at yet. */
  readonly nearest: number | null;
  readonly still: number;
};

export type SavedWalks = {
  readonly going: readonly SavedWalk[];
  readonly statuses: readonly (readonly [ObjectId, WalkStatus])[];
  readonly searching: SavedSearching;
};

/** What may be taken for ways yet, and what those of each kind took lately. */
export type SavedSearching = { readonly left: number; readonly spent: readonly (readonly [kind: string, number])[] };

type Walk = {
  readonly thing: Thing;
  readonly to: ObjectId | Point;
  readonly speed: number;
  way: readonly Point[];
  /** Where the goal was when the way was found. */
  goal: Point | null;
  /** Distance to the goal at the last look, and seconds since it became less. */
  nearest: number;
  still: number;
};

/** Metres from a point at which a walker is there. */
const arrival = 0.1;
/** Metres between the edges at which it has reached an object. */
const reach = 0.3;
/** Metres a goal may move before a new way is looked for. */
const drift = 1;
/** Seconds without getting nearer after which a walker is stuck. */
const patience = 1.5;
/** Ways looked for in one tick; the others wait for the next. */
const mostSearches = 8;
/** What ways may take in a second (`Paths.spent`): a tenth of a core. No handler's time is counted for them. */
const searchedPerSecond = 80_000;
/** Part of what a kind took that is forgotten in each tick: half of it in a second. */
const forgotten = 1 / 32;

export function createWalks(objects: Objects, bodies: Bodies, paths: Paths): Walks {
  const walks = new Map<ObjectId, Walk>();
  const statuses = new Map<ObjectId, WalkStatus>();
  /** What may be taken yet; less than nothing after a long search. */
  let left = 0;
  /** Taken lately, by kind: whose ways are long waits for the others, not they for it. */
  const spent = new Map<string, number>();

  function end(walk: Walk, status: WalkStatus): void {
    walks.delete(walk.thing.id);
    bodies.velocity(walk.thing, 0, 0);
    statuses.set(walk.thing.id, status);
  }

  function goalOf(walk: Walk): Point | null {
    if (typeof walk.to !== 'string') return walk.to;
    const other = objects.find(walk.to);
    return other && other.holder === null ? other : null;
  }

  function arrivalOf(walk: Walk): number {
    if (typeof walk.to !== 'string') return arrival;
    const other = objects.find(walk.to);
    return reach + radiusOf(bodies, walk.thing) + (other ? radiusOf(bodies, other) : 0);
  }

  /** False when there is no way. */
  function search(walk: Walk, goal: Point): boolean {
    const way = paths.find(walk.thing, goal, radiusOf(bodies, walk.thing));
    walk.goal = { x: goal.x, y: goal.y };
    walk.way = way ?? [];
    return way !== null;
  }

  /** Steers it along the way that it has. False when it needs one first. */
  function steerOne(walk: Walk, dt: number): boolean {
    const goal = goalOf(walk);
    const { thing } = walk;
    if (!goal || thing.holder !== null) end(walk, 'stuck');
    else if (distance(thing, goal) <= Math.max(arrivalOf(walk), 0)) end(walk, 'there');
    else if (!walk.goal || distance(walk.goal, goal) > drift) return false;
    else goOn(walk, goal, dt);
    return true;
  }

  function goOn(walk: Walk, goal: Point, dt: number): void {
    const { thing } = walk;
    while (walk.way.length > 1 && distance(thing, walk.way[0] as Point) < 0.3) walk.way = walk.way.slice(1);
    const next = walk.way.length > 1 ? (walk.way[0] as Point) : goal;
    if (!isNearer(walk, lengthOf(walk, goal), dt)) return end(walk, 'stuck');
    const away = distance(thing, next);
    // The last step ends at the goal and not beyond it.
    const speed = next === goal ? Math.min(walk.speed, away / dt) : walk.speed;
    if (away > 0) bodies.velocity(thing, ((next.x - thing.x) / away) * speed, ((next.y - thing.y) / away) * speed);
  }

  /** Looks for the ways of those who need one: of the kind that took least lately first. */
  function seek(waiting: readonly Walk[], dt: number): void {
    for (const [kind, taken] of spent) {
      const kept = Math.floor(taken * (1 - forgotten));
      if (kept > 0) spent.set(kind, kept);
      else spent.delete(kind);
    }
    left = Math.min(left, 0) + searchedPerSecond * dt;
    const taken = ({ thing }: Walk) => spent.get(thing.kind) ?? 0;
    let open = waiting;
    for (let searches = 0; searches < mostSearches && left > 0 && open.length > 0; searches++) {
      const next = open.reduce((least, walk) => (taken(walk) < taken(least) ? walk : least));
      open = open.filter((walk) => walk !== next);
      const before = paths.spent();
      const goal = goalOf(next);
      if (goal && search(next, goal)) {
        next.nearest = Number.POSITIVE_INFINITY;
        goOn(next, goal, dt);
      } else end(next, 'stuck');
      const took = paths.spent() - before;
      left -= took;
      spent.set(next.thing.kind, taken(next) + took);
    }
  }

  return {
    start(thing, to, speed) {
      const old = walks.get(thing.id);
      statuses.set(thing.id, 'going');
      if (old && old.speed === speed && isSameGoal(old.to, to)) return;
      // A chaser that is told again keeps the way it has.
      const way = old && isNear(old.goal, to) ? { way: old.way, goal: old.goal } : { way: [], goal: null };
      walks.set(thing.id, { thing, to, speed, ...way, nearest: Number.POSITIVE_INFINITY, still: 0 });
    },
    stop(id) {
      walks.delete(id);
      statuses.delete(id);
    },
    steer(dt) {
      const inOrder = [...walks.values()].sort((a, b) => (a.thing.id < b.thing.id ? -1 : 1));
      const waiting = inOrder.filter((walk) => !steerOne(walk, dt));
      seek(waiting, dt);
    },
    going: () => walks.size > 0,
    takeStatuses() {
      const changes = [...statuses].sort((a, b) => (a[0] < b[0] ? -1 : 1));
      statuses.clear();
      return changes;
    },
    waiting: () => statuses.size > 0,
    save: () => ({
      going: [...walks.values()].map(({ thing, nearest, ...walk }) => ({
        ...walk,
        id: thing.id,
        nearest: Number.isFinite(nearest) ? nearest : null,
      })),
      statuses: [...statuses],
      searching: { left, spent: [...spent] },
    }),
    restore(saved) {
      for (const { id, nearest, ...walk } of saved.going) {
        const thing = objects.find(id);
        if (thing) walks.set(id, { ...walk, thing, nearest: nearest ?? Number.POSITIVE_INFINITY });
      }
      for (const [id, status] of saved.statuses) statuses.set(id, status);
      left = saved.searching.left;
      for (const [kind, taken] of saved.searching.spent) spent.set(kind, taken);
    },
  };
}

/** Whether the walker still gets on; it may stand for a moment, in a queue or against a crate. */
function isNearer(walk: Walk, left: number, dt: number): boolean {
  if (left < walk.nearest - 0.02) {
    walk.nearest = left;
    walk.still = 0;
  } else {
    walk.still += dt;
  }
  return walk.still < patience;
}

function lengthOf(walk: Walk, goal: Point): number {
  let length = 0;
  let at: Point = walk.thing;
  for (const point of walk.way.slice(0, -1)) {
    length += distance(at, point);
    at = point;
  }
  return length + distance(at, goal);
}

function isSameGoal(a: ObjectId | Point, b: ObjectId | Point): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.x === b.x && a.y === b.y;
}

function isNear(goal: Point | null, to: ObjectId | Point): boolean {
  return goal !== null && typeof to !== 'string' && distance(goal, to) <= drift;
}

/** Metres from the centre to the furthest point of its body. */
export function radiusOf(bodies: Bodies, thing: Thing): number {
  const shape = bodies.shape(thing);
  if (!shape) return 0;
  switch (shape.shape) {
    case 'circle':
      return shape.radius;
    case 'box':
      return Math.hypot(shape.width, shape.height) / 2;
    case 'polygon':
      return Math.max(...shape.points.map(({ x, y }) => Math.hypot(x, y)));
  }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
