/** What an isolate does not know yet of the world outside it: gathered during a tick, told at the start of the next. */
import type { LoadedObject, TickIn } from '../contract/driver.ts';
import type { InboxItem, LoadReason, ObjectId, TimerRow } from '../contract/link.ts';
import type { Refusal } from './intents.ts';
import { type Objects, type Thing, toRow } from './objects.ts';

export interface News {
  /** Its place, velocity or angle is not what the isolate thinks. */
  moved(thing: Thing): void;
  /** It came in from outside, or changed outside so much that it is told whole. */
  loaded(thing: Thing, reason: LoadReason): void;
  timers(rows: readonly TimerRow[]): void;
  refused(refusals: readonly Refusal[]): void;
  /** It spawned: the isolate knows it by its id and needs its slot. */
  spawned(thing: Thing): void;
  /** It is gone without the isolate's doing, and so is what it held. */
  gone(id: ObjectId): void;
  waiting(): boolean;
  /** A new isolate knows everything. */
  clear(): void;
  /** The parts of the next `TickIn`, and items that say what is gone. */
  take(): Pick<TickIn, 'moved' | 'loaded' | 'slots' | 'timers' | 'refused'> & { readonly items: readonly InboxItem[] };
}

/** Refusals told in one tick; the rest are only counted. */
const mostRefused = 100;

export function createNews(objects: Objects): News {
  const moved = new Set<Thing>();
  const loaded = new Map<Thing, LoadReason>();
  const spawned = new Set<Thing>();
  let timers: TimerRow[] = [];
  let refused: Refusal[] = [];
  let gone: ObjectId[] = [];

  function clear(): void {
    moved.clear();
    loaded.clear();
    spawned.clear();
    timers = [];
    refused = [];
    gone = [];
  }

  const here = (thing: Thing) => objects.find(thing.id) === thing;

  return {
    moved: (thing) => void moved.add(thing),
    loaded: (thing, reason) => void loaded.set(thing, reason),
    spawned: (thing) => void spawned.add(thing),
    timers: (rows) => void timers.push(...rows),
    refused: (refusals) => void refused.push(...refusals.slice(0, mostRefused - refused.length)),
    gone: (id) => void gone.push(id),
    waiting: () => moved.size + loaded.size + timers.length + refused.length + gone.length > 0,
    clear,
    take() {
      const flat: number[] = [];
      const places = [...moved].filter(here).sort((a, b) => (a.id < b.id ? -1 : 1));
      for (const { slot, x, y, angle, vx, vy } of places) flat.push(slot, x, y, angle, vx, vy);
      const news = {
        moved: flat,
        loaded: [...loaded].filter(([thing]) => here(thing)).map(([thing, reason]) => ({ ...toLoaded(thing), reason })),
        slots: [...spawned].filter(here).map((thing) => [thing.id, thing.slot] as const),
        timers,
        refused,
        items: gone.map((object) => ({ type: 'take', move: 0, object }) as const),
      };
      clear();
      return news;
    },
  };
}

export function toLoaded(thing: Thing): LoadedObject {
  return { ...toRow(thing), slot: thing.slot, fresh: thing.fresh };
}
