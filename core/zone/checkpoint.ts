/**
 * A zone between two ticks, whole: everything that the next ones depend on beside its content and programs. From a
 * checkpoint the same steps give the same world again, in any process on any machine.
 *
 * Impulses of contacts cannot be saved, so the zone that goes on builds its space anew at the same moment (design,
 * section 6). Its isolate goes on as it is; of that, module variables of scripts are not saved.
 */
import type { JsonObject } from '../contract/content.ts';
import type { Throttle, TickIn } from '../contract/driver.ts';
import type { KindInfo, ObjectId, ObjectRow, Pending, TimerRow } from '../contract/link.ts';
import type { SavedBodies } from './bodies.ts';
import type { SavedIds } from './ids.ts';
import type { Intents, SavedIntents } from './intents.ts';
import type { SavedStops } from './isolate.ts';
import type { SavedNews } from './news.ts';
import { type Objects, toRow } from './objects.ts';
import type { Scene } from './verb.ts';
import type { SavedWalks } from './walks.ts';

export type Checkpoint = {
  /** Of the zone's chance: new isolates begin with it. */
  readonly seed: number;
  readonly tick: number;
  /** Unix seconds. */
  readonly time: number;
  readonly objects: readonly ObjectRow[];
  /** Slots of `objects`, in the same order, and the one that comes next. */
  readonly slots: readonly number[];
  readonly nextSlot: number;
  /** Objects whose `create` has not run. */
  readonly fresh: readonly ObjectId[];
  readonly timers: readonly TimerRow[];
  readonly state: JsonObject;
  readonly keep: JsonObject;
  readonly pending: readonly Pending[];
  readonly contacts: TickIn['contacts'];
  readonly connected: readonly string[];
  readonly news: SavedNews;
  readonly ids: SavedIds;
  readonly space: SavedSpace;
  readonly stops: SavedStops;
  readonly throttles: readonly Throttle[];
  readonly throttlesTold: boolean;
  readonly proving: boolean;
  readonly restless: boolean;
  readonly idsAsked: boolean;
  /** As `Sandbox.mind` gave it. */
  readonly mind: string;
};

/** Bodies, walks and the rates of verbs: what is built anew at a checkpoint. */
export type SavedSpace = {
  readonly bodies: SavedBodies;
  readonly walks: SavedWalks;
  readonly intents: SavedIntents;
};

type SavedObjects = Pick<Checkpoint, 'objects' | 'slots' | 'nextSlot' | 'fresh'>;

/** The rows as they are now: later changes make new ones. */
export function saveObjects(objects: Objects): SavedObjects {
  const all = objects.all();
  const fresh = all.filter((thing) => thing.fresh).map(({ id }) => id);
  return { objects: all.map(toRow), slots: all.map(({ slot }) => slot), nextSlot: objects.nextSlot(), fresh };
}

/** Fills a zone that has nothing yet. */
export function restoreObjects(saved: SavedObjects, objects: Objects): void {
  const fresh = new Set(saved.fresh);
  saved.objects.forEach((row, i) => {
    objects.add(row, { fresh: fresh.has(row.id), saved: true, slot: saved.slots[i] as number });
  });
  objects.restoreSlots(saved.nextSlot);
}

/** A space just as the other was, for the zone to go on in. */
export function moveInto(
  saved: SavedSpace,
  scene: Scene,
  intents: Intents,
  kinds: ReadonlyMap<string, KindInfo>,
): void {
  scene.bodies.restore(saved.bodies, kinds);
  scene.walks.restore(saved.walks);
  intents.restore(saved.intents);
}
