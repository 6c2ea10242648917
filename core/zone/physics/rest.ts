/**
 * Puts to sleep what planck never would: it keeps a crowd awake for ever that has no room to come apart, though nobody
 * in it goes anywhere. A body is at rest when it stays within a few centimetres for a second, or is only shoved about
 * by its neighbours, without a velocity of its own, for four.
 */
type Body = {
  isAwake(): boolean;
  isStatic(): boolean;
  isDynamic(): boolean;
  getContactList(): Edge | null;
};
type Edge = {
  readonly contact: {
    isTouching(): boolean;
    getFixtureA(): { isSensor(): boolean };
    getFixtureB(): { isSensor(): boolean };
  };
  other?: object | null;
  next?: Edge | null;
};

/** Where the body was when it was last seen to move, for how many seconds it is there, and how long without velocity. */
export type Resting = { anchor: Spot; stillFor: number; idleFor: number };
type Spot = { readonly x: number; readonly y: number; readonly angle: number };
type Seen = Resting & { readonly body: Body; readonly last: Spot & { readonly vx: number; readonly vy: number } };

/** Metres, radians, metres per second, seconds. */
const STILL_WITHIN = 0.05;
const STILL_ANGLE = 0.1;
const STILL_FOR = 1;
const IDLE_SPEED = 0.05;
const IDLE_FOR = 4;
const LOOK_EVERY = 0.5;

export function createRest() {
  let sinceLook = 0;

  return {
    start: (at: Spot): Resting => ({ anchor: at, stillFor: 0, idleFor: 0 }),

    /** Call once per step with those that are awake, and all. Gives back those that should sleep now; mostly none. */
    findSettled<T extends Seen>(awake: readonly T[], all: readonly T[], dt: number): readonly T[] {
      let any = false;
      for (const entry of awake) {
        const mayRest = entry.body.isDynamic();
        entry.stillFor = mayRest && isStill(entry) ? entry.stillFor + dt : 0;
        entry.idleFor = mayRest && isIdle(entry) ? entry.idleFor + dt : 0;
        if (entry.stillFor === 0) entry.anchor = entry.last;
        any ||= isAtRest(entry);
      }
      sinceLook += dt;
      if (!any || sinceLook < LOOK_EVERY) return [];
      sinceLook = 0;
      return settledGroups(awake, all);
    },
  };
}

/** Compared as squares: `Math.hypot` is dear for what runs for every body in every step. */
function isStill({ anchor, last }: Seen): boolean {
  const [dx, dy] = [last.x - anchor.x, last.y - anchor.y];
  if (dx * dx + dy * dy > STILL_WITHIN * STILL_WITHIN) return false;
  const turned = Math.abs(last.angle - anchor.angle);
  return Math.min(turned, 2 * Math.PI - turned) <= STILL_ANGLE;
}

function isIdle({ last: { vx, vy } }: Seen): boolean {
  return vx * vx + vy * vy < IDLE_SPEED * IDLE_SPEED;
}

function isAtRest({ stillFor, idleFor }: Seen): boolean {
  return stillFor >= STILL_FOR || idleFor >= IDLE_FOR;
}

/** Groups of bodies that lean on each other in which everybody is still. One awake body would wake the others again. */
function settledGroups<T extends Seen>(awake: readonly T[], all: readonly T[]): T[] {
  const byBody = new Map<object, T>(all.map((entry) => [entry.body, entry]));
  const seen = new Set<T>();
  const settled: T[] = [];
  for (const first of awake) {
    if (seen.has(first)) continue;
    const group = [first];
    seen.add(first);
    for (const entry of group) {
      for (const other of leaningOn(entry.body)) {
        const next = byBody.get(other);
        if (!next || seen.has(next) || next.body.isStatic()) continue;
        seen.add(next);
        group.push(next);
      }
    }
    if (group.every((entry) => isAtRest(entry) || !entry.body.isAwake())) settled.push(...group);
  }
  return settled;
}

function* leaningOn(body: Body): Generator<object> {
  for (let edge = body.getContactList(); edge; edge = edge.next ?? null) {
    const { contact, other } = edge;
    if (contact.getFixtureA().isSensor() || contact.getFixtureB().isSensor()) continue;
    if (contact.isTouching() && other) yield other;
  }
}
