/** What an isolate does not know yet of the world outside it: gathered during a tick, told at the start of the next. */
import type { LoadedObject, TickIn } from '../contract/driver.ts';
import type { InboxItem, LoadReason, ObjectId, TimerRow } from '../contract/link.ts';
import type { Refusal } from './intents.ts';
import { type Objects, type Thing, toRow } from './objects.ts';
import type { Way } from './steering.ts';

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
  /** Whether there is anything to tell. Places alone wait until there is, or somebody `looks` who is near. */
  waiting(looks: boolean): boolean;
  /** A script moved or changed it: the isolate thinks that it knows where it is. */
  doubt(id: ObjectId): void;
  /** Tells where those are of whom it only thinks so. */
  tellDoubted(): void;
  /** A new isolate knows everything. */
  clear(): void;
  save(): SavedNews;
  restore(saved: SavedNews): void;
  /** The parts of the next `TickIn`, and items that say what is gone. @param wayOf  How it is steered in this tick. */
  take(
    wayOf: (thing: Thing) => Way | undefined,
  ): Pick<TickIn, 'moved' | 'loaded' | 'slots' | 'timers' | 'refused'> & { readonly items: readonly InboxItem[] };
}

export type SavedNews = {
  readonly moved: readonly ObjectId[];
  readonly loaded: readonly (readonly [ObjectId, LoadReason])[];
  readonly spawned: readonly ObjectId[];
  readonly timers: readonly TimerRow[];
  readonly refused: readonly Refusal[];
  readonly gone: readonly ObjectId[];
};

/** Refusals told in one tick; the rest are only counted. */
const mostRefused = 100;

export function createNews(objects: Objects): News {
  const moved = new Set<Thing>();
  const loaded = new Map<Thing, LoadReason>();
  const spawned = new Set<Thing>();
  const doubted = new Set<ObjectId>();
  let timers: TimerRow[] = [];
  let refused: Refusal[] = [];
  let gone: ObjectId[] = [];

  function clear(): void {
    moved.clear();
    loaded.clear();
    spawned.clear();
    doubted.clear();
    timers = [];
    refused = [];
    gone = [];
  }

  const here = (thing: Thing) => objects.find(thing.id) === thing;

  function find(id: ObjectId, use: (thing: Thing) => void): void {
    const thing = objects.find(id);
    if (thing) use(thing);
  }

  return {
    moved: (thing) => void moved.add(thing),
    loaded: (thing, reason) => void loaded.set(thing, reason),
    spawned: (thing) => void spawned.add(thing),
    timers: (rows) => void timers.push(...rows),
    refused: (refusals) => void refused.push(...refusals.slice(0, mostRefused - refused.length)),
    gone: (id) => void gone.push(id),
    doubt: (id) => void doubted.add(id),
    tellDoubted() {
      for (const id of doubted) find(id, (thing) => moved.add(thing));
      doubted.clear();
    },
    waiting: (looks) => (looks && moved.size > 0) || loaded.size + timers.length + refused.length + gone.length > 0,
    clear,
    save: () => ({
      moved: [...moved].filter(here).map(({ id }) => id),
      loaded: [...loaded].filter(([thing]) => here(thing)).map(([{ id }, reason]) => [id, reason]),
      spawned: [...spawned].filter(here).map(({ id }) => id),
      ...{ timers: [...timers], refused: [...refused], gone: [...gone] },
    }),
    restore(saved) {
      clear();
      for (const id of saved.moved) find(id, (thing) => moved.add(thing));
      for (const [id, reason] of saved.loaded) find(id, (thing) => loaded.set(thing, reason));
      for (const id of saved.spawned) find(id, (thing) => spawned.add(thing));
      timers = [...saved.timers];
      refused = [...saved.refused];
      gone = [...saved.gone];
    },
    take(wayOf) {
      const flat: number[] = [];
      const places = [...moved].filter(here).sort((a, b) => (a.id < b.id ? -1 : 1));
      for (const thing of places) {
        const { vx, vy } = wayOf(thing) ?? thing;
        flat.push(thing.slot, thing.x, thing.y, thing.angle, vx, vy);
      }
      const news = {
        moved: flat,
        loaded: [...loaded].filter(([thing]) => here(thing)).map(([thing, reason]) => ({ ...toLoaded(thing), reason })),
        slots: [...spawned].filter(here).map((thing) => [thing.id, thing.slot] as const),
        timers,
        refused,
        items: gone.map((object) => ({ type: 'take', move: 0, object }) as const),
      };
      for (const thing of moved) doubted.delete(thing.id);
      const still = [...doubted];
      clear();
      for (const id of still) doubted.add(id);
      return news;
    },
  };
}

export function toLoaded(thing: Thing): LoadedObject {
  return { ...toRow(thing), slot: thing.slot, fresh: thing.fresh };
}
