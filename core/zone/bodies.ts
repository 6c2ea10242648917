/**
 * Ties objects to physics: who has a body, of which shape, and what the step did to it. Objects without a body
 * (not physical, or physics is off) that were given a velocity drift in a straight line inside the zone.
 */
import type { BodySpec, Shape } from '../contract/content.ts';
import type { KindInfo, ObjectId } from '../contract/link.ts';
import { isObject } from './check.ts';
import type { Objects, Place, Thing } from './objects.ts';
import type { Physics, SavedPhysics } from './physics.ts';

export interface Bodies {
  /** Replaces what is known of kinds; bodies of living objects follow, in id order. Gives those that lost theirs. */
  kinds(kinds: ReadonlyMap<string, KindInfo>): readonly Thing[];
  /** What the object's body is by its kind or the map; null when it has none. */
  spec(thing: Thing): BodySpec | null;
  /** The public part of it. */
  shape(thing: Thing): Shape | null;
  /** Gives it a body when it should have one. Its place may be corrected. Answers why physics refused, or null. */
  attach(thing: Thing, ignore?: readonly string[]): string | null;
  detach(thing: Thing): void;
  /** Whether the place is one where it would stand in something that does not move. */
  blocked(thing: Thing, x: number, y: number): boolean;
  /** Puts it elsewhere, keeping its velocity; `seen` as a jump, or as a step. Answers why not, or null. */
  put(thing: Thing, x: number, y: number, seen: 'jump' | 'step'): string | null;
  velocity(thing: Thing, vx: number, vy: number): string | null;
  push(thing: Thing, ix: number, iy: number): string | null;
  turn(thing: Thing, angle: number): string | null;
  solid(thing: Thing, on: boolean): string | null;
  type(thing: Thing, type: 'dynamic' | 'static' | 'kinematic'): string | null;
  /** Whether a step would move anything. */
  awake(): boolean;
  /** One step of everything that moves. Gives those whose place or velocity changed, and bodies physics gave up. */
  step(dt: number): { readonly moved: readonly Thing[]; readonly aside: readonly Thing[] };
  contacts(): readonly (readonly [string, string, boolean])[];
  /** Whether a circle there would touch what never moves. */
  circleBlocked(x: number, y: number, radius: number): boolean;
  /** Goes up when what never moves may have changed: ways have to be found again. */
  version(): number;
  /** Bodies, contacts and what drifts, for a space that is built anew. */
  save(): SavedBodies;
  /** Fills this one, which is empty: instead of the first `kinds`. */
  restore(saved: SavedBodies, kinds: ReadonlyMap<string, KindInfo>): void;
}

export type SavedBodies = {
  readonly physics: SavedPhysics | null;
  readonly drifting: readonly ObjectId[];
  readonly switched: readonly ObjectId[];
};

export type BodiesOptions = {
  readonly objects: Objects;
  /** Null when the zone has no physics. */
  readonly physics: Physics | null;
  /** Metres. */
  readonly width: number;
  readonly height: number;
};

/** Metres per second an object without a body may have; those with one are held by physics. */
const fastest = 100;
/** Newton seconds; beyond it a push is no push but a mistake. */
const strongest = 1e6;

export function createBodies({ objects, physics, width, height }: BodiesOptions): Bodies {
  let kinds: ReadonlyMap<string, KindInfo> = new Map();
  const drifting = new Set<Thing>();
  /** Ids whose body type was switched at run time. */
  const switched = new Set<string>();
  let version = 0;
  function spec(thing: Thing): BodySpec | null {
    const declared = kinds.get(thing.kind)?.body;
    if (declared) return { ...declared, ...chosen(thing) };
    if (!thing.shape) return null;
    const fixed = thing.state.static === true || thing.words.includes('static');
    return { ...thing.shape, ...(fixed ? { type: 'static' as const } : {}), ...chosen(thing) };
  }

  const wants = (thing: Thing) => physics !== null && thing.physical && thing.holder === null;

  function attach(thing: Thing, ignore: readonly string[] = []): string | null {
    const body = wants(thing) ? spec(thing) : null;
    if (!physics || !body || physics.has(thing.id)) {
      drift(thing);
      return null;
    }
    // A map may have become smaller round it.
    const at = { ...placeOf(thing), x: clamp(thing.x, 0, width), y: clamp(thing.y, 0, height) };
    const outcome = physics.add(thing.id, body, at, { ignore });
    if (outcome.kind === 'refused') return outcome.reason;
    if (body.type === 'static') version++;
    objects.place(thing, { ...placeOf(thing), x: outcome.x, y: outcome.y }, true);
    return null;
  }

  function detach(thing: Thing): void {
    if (physics?.has(thing.id)) changeFixed(thing);
    physics?.remove(thing.id);
    drifting.delete(thing);
    switched.delete(thing.id);
  }

  /** Counts a change of something that may be part of a wall. Dynamic bodies come and go too often to count. */
  function changeFixed(thing: Thing): void {
    if (spec(thing)?.type === 'static' || switched.has(thing.id)) version++;
  }

  function drift(thing: Thing): void {
    if (thing.holder === null && (thing.vx !== 0 || thing.vy !== 0)) drifting.add(thing);
    else drifting.delete(thing);
  }

  const why = (outcome: { kind: string; reason?: string }) =>
    outcome.kind === 'refused' ? (outcome.reason ?? '') : null;

  function driftOne(thing: Thing, dt: number): void {
    const x = clamp(thing.x + thing.vx * dt, 0, width);
    const y = clamp(thing.y + thing.vy * dt, 0, height);
    const still = x === thing.x && y === thing.y;
    objects.place(thing, { ...placeOf(thing), x, y, ...(still ? { vx: 0, vy: 0 } : {}) });
    drift(thing);
  }

  return {
    kinds(next) {
      const before = kinds;
      const lost: Thing[] = [];
      kinds = next;
      for (const thing of objects.all()) {
        const was = JSON.stringify(before.get(thing.kind)?.body ?? null);
        const is = JSON.stringify(next.get(thing.kind)?.body ?? null);
        if (physics?.has(thing.id) && was === is) continue;
        detach(thing);
        if (attach(thing) !== null) lost.push(thing);
        if (was !== is) objects.mark(thing, 'body');
      }
      return lost;
    },
    spec,
    shape(thing) {
      const body = spec(thing);
      return body && toShape(body);
    },
    attach,
    detach,
    blocked(thing, x, y) {
      if (!physics?.has(thing.id)) return !isInside(x, y, width, height);
      return physics.blocked(thing.id, x, y);
    },
    put(thing, x, y, seen) {
      if (!isInside(x, y, width, height)) return 'the place is outside the zone';
      if (physics?.has(thing.id)) {
        const outcome = physics.place(thing.id, x, y);
        changeFixed(thing);
        if (outcome.kind === 'refused') return outcome.reason;
        objects.place(thing, { ...placeOf(thing), x: outcome.x, y: outcome.y }, seen === 'jump');
        return null;
      }
      objects.place(thing, { ...placeOf(thing), x, y }, seen === 'jump');
      return null;
    },
    velocity(thing, vx, vy) {
      // For everybody who walks in every tick: Math.hypot takes ten times as long.
      const speed = Math.sqrt(vx * vx + vy * vy);
      if (!Number.isFinite(speed)) return 'a number is not finite';
      const most = speed > fastest ? fastest / speed : 1;
      if (physics?.has(thing.id)) {
        // The step reports what became of it.
        return why(physics.velocity(thing.id, vx * most, vy * most));
      }
      objects.place(thing, { ...placeOf(thing), vx: vx * most, vy: vy * most });
      drift(thing);
      return null;
    },
    push(thing, ix, iy) {
      if (!(Math.hypot(ix, iy) <= strongest)) return `a push is a finite number up to ${strongest}`;
      return physics?.has(thing.id) ? why(physics.push(thing.id, ix, iy)) : 'it has no body';
    },
    turn(thing, angle) {
      if (!Number.isFinite(angle)) return 'a number is not finite';
      const turned = angle - Math.round(angle / (2 * Math.PI)) * 2 * Math.PI;
      const refused = physics?.has(thing.id) ? why(physics.turn(thing.id, turned)) : null;
      if (refused === null) objects.place(thing, { ...placeOf(thing), angle: turned });
      return refused;
    },
    // Without a body there is nothing to switch: the runtime keeps it for when there is one.
    solid(thing, on) {
      if (!physics?.has(thing.id)) return null;
      changeFixed(thing);
      return why(physics.solid(thing.id, on));
    },
    type(thing, type) {
      if (!physics?.has(thing.id)) return null;
      const outcome = physics.type(thing.id, type);
      if (outcome.kind === 'refused') return outcome.reason;
      switched.add(thing.id);
      changeFixed(thing);
      const { x, y } = outcome;
      if (x !== thing.x || y !== thing.y) objects.place(thing, { ...placeOf(thing), x, y }, true);
      return null;
    },
    awake: () => drifting.size > 0 || (physics?.awake() ?? false),
    step(dt) {
      const moved: Thing[] = [];
      const before = [...drifting];
      for (const thing of before) driftOne(thing, dt);
      moved.push(...before);
      if (!physics?.awake()) return { moved, aside: [] };
      for (const body of physics.step(dt)) {
        const thing = objects.find(body.id);
        if (!thing) continue;
        objects.place(thing, body);
        moved.push(thing);
      }
      const aside = physics.aside().flatMap((id) => objects.find(id) ?? []);
      return { moved, aside };
    },
    contacts: () => physics?.contacts() ?? [],
    circleBlocked: (x, y, radius) => radius > 0 && (physics?.circleBlocked(x, y, radius) ?? false),
    version: () => version,
    save: () => ({
      physics: physics?.save() ?? null,
      drifting: [...drifting].map(({ id }) => id),
      switched: [...switched],
    }),
    restore(saved, next) {
      kinds = next;
      for (const id of saved.switched) switched.add(id);
      for (const thing of saved.drifting.flatMap((id) => objects.find(id) ?? [])) drifting.add(thing);
      const specOf = (id: ObjectId) => {
        const thing = objects.find(id);
        return thing ? spec(thing) : null;
      };
      if (saved.physics) physics?.restore(saved.physics, specOf);
    },
  };
}

/** Solidity and type that a script chose at run time, as the runtime keeps them with the object. */
function chosen({ keep }: Thing): Pick<BodySpec, 'solid' | 'type'> {
  const { body } = keep;
  if (!isObject(body)) return {};
  const { solid, type } = body;
  return {
    ...(typeof solid === 'boolean' ? { solid } : {}),
    ...(type === 'static' || type === 'dynamic' || type === 'kinematic' ? { type } : {}),
  };
}

export function placeOf({ x, y, angle, vx, vy }: Place): Place {
  return { x, y, angle, vx, vy };
}

/** The public part of a body: its outline. */
function toShape(body: BodySpec): Shape {
  switch (body.shape) {
    case 'circle':
      return { shape: 'circle', radius: body.radius };
    case 'box':
      return { shape: 'box', width: body.width, height: body.height };
    case 'polygon':
      return { shape: 'polygon', points: body.points };
  }
}

export function isInside(x: number, y: number, width: number, height: number): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
