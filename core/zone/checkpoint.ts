/**
 * A zone between two ticks, whole: everything that the next ones depend on beside its content and programs. From a
 * checkpoint the same steps give the same world again, in any process on any machine.
 *
 * Impulses of contacts cannot be saved, so the zone that goes on builds its space anew at the same moment (design,
 * section 6). Its isolate goes on as it is; of that, module variables of scripts are not saved.
 */
import type { JsonObject } from '../contract/content.ts';
import type { Throttle, TickIn } from '../contract/driver.ts';
import type { ObjectId, ObjectRow, Pending, TimerRow } from '../contract/link.ts';
import type { SavedBarred } from './barred.ts';
import type { SavedIds } from './ids.ts';
import type { SavedStops } from './isolate.ts';
import type { SavedNews } from './news.ts';
import { type Objects, toRow } from './objects.ts';
import type { Parts } from './parts.ts';
import type { SavedSpace } from './space.ts';
import type { SavedSteering } from './steering.ts';
import type { SavedStrides } from './strides.ts';

export type Checkpoint = {
  /** Of the zone's chance. */
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
  readonly steering: SavedSteering;
  readonly strides: SavedStrides;
  readonly stops: SavedStops;
  readonly throttles: readonly Throttle[];
  readonly throttlesTold: boolean;
  readonly barred: SavedBarred;
  readonly proving: boolean;
  readonly restless: boolean;
  readonly looks: boolean;
  readonly idsAsked: boolean;
  /** As `Sandbox.mind` gave it. */
  readonly mind: string;
};

/** Makes one, and moves the zone into a space that is built anew from it. Null while it has none to give. */
export function makeCheckpoint(parts: Parts): Checkpoint | null {
  const {
    load,
    now,
    programs,
    work,
    news,
    space,
    objects,
    timers,
    saver,
    passage,
    steering,
    strides,
    ids,
    requests,
    throttles,
  } = parts;
  const { isolate } = programs;
  if (!programs.begun() || work.held() || parts.postponed.holding() || !isolate.running()) return null;
  news.tellDoubted();
  steering.tell();
  const mind = isolate.mind(now.tick, now.time);
  if (mind === null) return null;
  const saved = space.save();
  space.renew(space.content);
  space.restore(saved, programs.kinds);
  return {
    ...{ seed: load.seed, tick: now.tick, time: now.time, ...saveObjects(objects), timers: timers.all() },
    ...{ news: news.save(), state: saver.state, keep: saver.keep, ...work.save(), connected: [...passage.connected] },
    ...{
      ids: ids.save(),
      space: saved,
      steering: steering.save(),
      strides: strides.save(),
      stops: isolate.stops(),
      ...throttles.save(),
      barred: parts.barred.save(),
    },
    ...{ ...programs.save(), idsAsked: requests.idsAsked(), mind },
  };
}

/** Has a zone that has nothing yet go on from there. Answers why it cannot, or null. */
export function restoreCheckpoint(from: Checkpoint, parts: Parts): string | null {
  const { objects, passage, steering, strides, ids, throttles, work, requests, programs, space, news } = parts;
  parts.at({ tick: from.tick, time: from.time });
  restoreObjects(from, objects);
  for (const owner of from.connected) passage.connected.add(owner);
  ids.restore(from.ids);
  throttles.restore(from);
  parts.barred.restore(from.barred);
  work.restore(from);
  requests.restore(from.idsAsked);
  const failure = programs.restore(from);
  if (failure !== null) return failure;
  space.restore(from.space, programs.kinds);
  news.restore(from.news);
  steering.restore(from.steering);
  strides.restore(from.strides);
  return null;
}

type SavedObjects = Pick<Checkpoint, 'objects' | 'slots' | 'nextSlot' | 'fresh'>;

/** The rows as they are now: later changes make new ones. */
function saveObjects(objects: Objects): SavedObjects {
  const all = objects.all();
  const fresh = all.filter((thing) => thing.fresh).map(({ id }) => id);
  return { objects: all.map(toRow), slots: all.map(({ slot }) => slot), nextSlot: objects.nextSlot(), fresh };
}

function restoreObjects(saved: SavedObjects, objects: Objects): void {
  const fresh = new Set(saved.fresh);
  saved.objects.forEach((row, i) => {
    objects.add(row, { fresh: fresh.has(row.id), saved: true, slot: saved.slots[i] as number });
  });
  objects.restoreSlots(saved.nextSlot);
}
