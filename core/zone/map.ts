/** Objects of a map becoming objects of the zone: once in its life, and by comparison when a map is saved in development. */
import type { Json, MapObject } from '../contract/content.ts';
import type { ObjectId, ObjectRow } from '../contract/link.ts';
import type { Ids } from './ids.ts';
import { newRow } from './new-row.ts';
import type { Objects, Thing } from './objects.ts';

export function fromMap({ kind, ...object }: MapObject, id: ObjectId): ObjectRow {
  const { name, x, y, angle, words, physical, shape, state, tiledId } = object;
  return newRow(id, kind, { name, x, y, angle, words, physical, shape, state, tiledId });
}

/** The map's objects in a zone that was never played. False when there are not enough ids. */
export function populate(map: readonly MapObject[], ids: Ids, objects: Objects): boolean {
  return map.every((object) => {
    const id = ids.next();
    if (id !== null) objects.add(fromMap(object, id), { fresh: true, saved: false });
    return id !== null;
  });
}

/** What a saved map asks of a zone that plays already. */
export type Merge = {
  readonly appear: readonly MapObject[];
  /** In the map no more, or elsewhere on it, and still as the map made them. */
  readonly remove: readonly Thing[];
};

/**
 * Compares two versions of a map by Tiled id: new objects appear, removed ones go, changed ones are replaced; what play
 * has moved or changed stays as it is.
 */
export function mergeMap(before: readonly MapObject[], after: readonly MapObject[], objects: Objects): Merge {
  const old = new Map(before.map((object) => [object.tiledId, object]));
  const next = new Map(after.map((object) => [object.tiledId, object]));
  const here = new Map<number, Thing>();
  for (const thing of objects.all()) if (thing.tiledId !== null) here.set(thing.tiledId, thing);

  const remove: Thing[] = [];
  const appear: MapObject[] = [];
  for (const [tiledId, object] of old) {
    const thing = here.get(tiledId);
    const same = JSON.stringify(next.get(tiledId)) === JSON.stringify(object);
    if (thing && !same && isUntouched(thing, object)) remove.push(thing);
  }
  for (const [tiledId, object] of next) {
    const thing = here.get(tiledId);
    if (thing ? remove.includes(thing) : !old.has(tiledId)) appear.push(object);
  }
  return { appear, remove };
}

/** Whether the object still is what the map made: its place, name and the state the map gave it. */
function isUntouched(thing: Thing, object: MapObject): boolean {
  if (thing.kind !== object.kind || thing.name !== object.name || thing.holder !== null) return false;
  if (Math.hypot(thing.x - object.x, thing.y - object.y) > 0.01) return false;
  const state = thing.state as Readonly<Record<string, Json>>;
  return Object.entries(object.state).every(([key, value]) => JSON.stringify(state[key]) === JSON.stringify(value));
}
