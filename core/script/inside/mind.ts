/**
 * What the runtime knows beside the rows of its objects: rates, faults, who is near whom, what was told. A new isolate
 * that is loaded with the same rows and this goes on as the old one would have. Module variables of scripts are not in
 * it: they are no state, and any rebuild of the isolate loses them.
 */

import type { Look, Shape } from '../../contract/content.ts';
import type { LoadedObject, Throttle } from '../../contract/driver.ts';
import type { ObjectId } from '../../contract/link.ts';
import { shown } from './group.ts';
import { type Faults, here, type Obj, type Walk, zoneItself } from './here.ts';
import type { SavedIds } from './ids.ts';
import { storeKeep } from './keep.ts';
import { showMarks, slowDown } from './marks.ts';
import { createObject, type Row } from './objects.ts';
import type { SavedBuckets } from './rates.ts';
import type { SavedCount } from './reports.ts';
import type { Script } from './script.ts';
import type { Sort } from './sorts.ts';
import type { Timer } from './timers.ts';

export type Mind = {
  readonly tick: number;
  readonly time: number;
  readonly turns: number;
  readonly ids: SavedIds;
  readonly timers: readonly Timer[];
  readonly told: readonly SavedCount[];
  readonly rates: SavedBuckets;
  readonly connected: readonly string[];
  readonly owners: readonly (readonly [string, ObjectId])[];
  readonly throttles: {
    readonly kinds: readonly (readonly [string, Throttle['every']])[];
    readonly objects: readonly (readonly [ObjectId, Throttle['every']])[];
  };
  readonly stirred: boolean;
  readonly biggest: number;
  /** Those that ended a moment ago. */
  readonly gone: readonly Gone[];
  /** Those with more than their row says. */
  readonly objects: readonly Inner[];
};

type Gone = Row & { readonly scripts: readonly string[] };

type Inner = {
  readonly id: ObjectId;
  readonly held?: readonly ObjectId[];
  readonly walk?: Walk;
  readonly stroll?: NonNullable<Obj['stroll']>;
  readonly near?: readonly (readonly [script: string, others: readonly ObjectId[]])[];
  readonly faults?: readonly (readonly [script: string, faults: Faults])[];
  readonly rates?: SavedBuckets;
};

/** Between two ticks. */
export function saveMind(): Mind {
  for (const object of everybody()) dropSigns(object);
  return {
    tick: here.tick,
    time: here.time,
    turns: here.turns,
    ids: here.ids.save(),
    timers: here.timers.all(),
    told: here.reporter.save(),
    rates: here.rates.save(),
    connected: [...here.connected],
    owners: [...here.byOwner].map(([owner, { id }]) => [owner, id]),
    throttles: { kinds: [...here.throttles.kinds], objects: [...here.throttles.objects] },
    stirred: here.stirred,
    biggest: here.biggest,
    gone: [...here.gone.values()].map(saveGone),
    objects: everybody().flatMap((object) => saveInner(object) ?? []),
  };
}

/** JSON has no -0, and a direction out of it would be another one: who goes on has none either. */
function dropSigns(object: Obj): void {
  for (const key of ['x', 'y', 'angle', 'vx', 'vy'] as const) object[key] += 0;
  const { stroll, state, own, keep } = object;
  if (stroll) object.stroll = { vx: stroll.vx + 0, vy: stroll.vy + 0, until: stroll.until };
  for (const group of [state, own, ...keep.secrets.values()])
    group.values.forEach((value, i) => {
      if (value === 0) group.values[i] = 0;
    });
}

function everybody(): readonly Obj[] {
  const all = [...here.byId.values()];
  return here.itself ? [...all, here.itself] : all;
}

function saveInner(object: Obj): Inner | null {
  const { id, held, walk, stroll, near, faults } = object;
  const rates = here.rates.of(object);
  if (held.length < 2 && !walk && !stroll && !near && !faults && !rates) return null;
  return {
    id,
    ...(held.length < 2 ? {} : { held: held.map((other) => other.id) }),
    ...(walk ? { walk } : {}),
    ...(stroll ? { stroll } : {}),
    ...(near
      ? { near: [...near].map(([script, others]) => [script.name, [...others].map((o) => o.id)] as const) }
      : {}),
    ...(faults ? { faults: [...faults].map(([script, each]) => [script.name, each] as const) } : {}),
    ...(rates ? { rates } : {}),
  };
}

function saveGone(object: Obj): Gone {
  const { id, slot, kind, name, x, y, angle, vx, vy, scale, speed, owner, physical } = object;
  return {
    ...{ id, slot, kind, name, x, y, angle, vx, vy, scale, speed, owner, physical },
    look: object.look as Look | null,
    words: object.words,
    shape: object.shape as Shape | null,
    state: shown(object.state),
    own: shown(object.own),
    keep: storeKeep(object.keep),
    scripts: object.sort.scripts.map((script) => script.name),
  };
}

/**
 * Goes on where the mind was saved.
 * @param loaded  Everybody, as they were taken in a moment ago.
 * @param sortOf  Scripts of a kind with further ones.
 */
export function restoreMind(
  mind: Mind,
  loaded: readonly LoadedObject[],
  sortOf: (kind: string, further: readonly string[]) => Sort,
): void {
  here.tick = mind.tick;
  here.time = mind.time;
  here.turns = mind.turns;
  here.ids.restore(mind.ids);
  here.timers.clear();
  for (const timer of mind.timers) here.timers.restore(timer);
  here.reporter.restore(mind.told);
  here.connected = new Set(mind.connected);
  restoreDoings(mind, sortOf);
  here.byOwner.clear();
  for (const [owner, id] of mind.owners) find(id, (object) => here.byOwner.set(owner, object));
  for (const inner of mind.objects) find(inner.id, (object) => restoreFaults(object, inner));
  here.biggest = mind.biggest;
  for (const [kind, every] of mind.throttles.kinds) here.throttles.kinds.set(kind, every);
  for (const [id, every] of mind.throttles.objects) here.throttles.objects.set(id, every);
  for (const object of everybody()) {
    slowDown(object);
    showMarks(object);
  }
  for (const { id, words } of loaded) find(id, (object) => (object.words = Object.freeze([...words])));
  // What loading found to tell was told when they were loaded before.
  for (const group of here.dirty) group.listed = false;
  for (const object of here.dirtyKeeps) object.keep.listed = false;
  here.dirty = [];
  here.dirtyKeeps = [];
  here.intents = [];
  here.logged = 0;
  here.stirred = mind.stirred;
}

/** What those in the world are in the midst of: other scripts take it over, and begin anew with their own failures. */
export function restoreDoings(mind: Mind, sortOf: (kind: string, further: readonly string[]) => Sort): void {
  here.gone.clear();
  for (const { scripts, ...row } of mind.gone) {
    const further = scripts.filter((name) => name !== row.kind);
    here.gone.set(row.id, createObject(row, sortOf(row.kind, further)));
  }
  here.rates.restore(mind.rates);
  for (const inner of mind.objects) find(inner.id, (object) => restoreInner(object, inner));
}

function find(id: ObjectId, use: (object: Obj) => void): void {
  const object = id === zoneItself ? here.itself : (here.byId.get(id) ?? here.gone.get(id));
  if (object) use(object);
}

function scriptsOf(object: Obj): ReadonlyMap<string, Script> {
  return new Map(object.sort.scripts.map((script) => [script.name, script]));
}

function restoreFaults(object: Obj, { faults = [] }: Inner): void {
  const scripts = scriptsOf(object);
  for (const [name, each] of faults) {
    const script = scripts.get(name);
    if (!script) continue;
    object.faults ??= new Map();
    object.faults.set(script, each);
  }
}

function restoreInner(object: Obj, inner: Inner): void {
  const scripts = scriptsOf(object);
  if (inner.held) {
    const place = new Map(inner.held.map((id, i) => [id, i]));
    object.held = Object.freeze([...object.held].sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0)));
  }
  if (inner.walk) object.walk = inner.walk;
  if (inner.stroll) object.stroll = inner.stroll;
  for (const [name, ids] of inner.near ?? []) {
    const script = scripts.get(name);
    if (!script) continue;
    object.near ??= new Map();
    const known = new Set<Obj>();
    for (const id of ids) find(id, (other) => known.add(other));
    object.near.set(script, known);
  }
  if (inner.rates) here.rates.give(object, inner.rates);
}
