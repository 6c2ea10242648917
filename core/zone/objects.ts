/**
 * The truth of a zone: every object with all that outlives a tick, and marks of what changed. The isolate has a copy;
 * the database and the mirrors follow from the marks.
 */
import type { JsonObject } from '../contract/content.ts';
import type { ObjectId, ObjectRow } from '../contract/link.ts';
import { sizeOf } from './check.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Fields of an object that mirrors have, beside its place. */
export type PublicField = 'name' | 'look' | 'body' | 'holder' | 'scale' | 'speed' | 'owner' | 'words' | 'physical';

/** What a frame has to say about an object. Null sets are empty ones. */
export type Marks = {
  /** No mirror knows it yet. */
  fresh: boolean;
  /** All of it goes into the next frame again: keys of its state are gone. */
  whole: boolean;
  jump: boolean;
  fields: Set<PublicField> | null;
  state: Set<string> | null;
  own: Set<string> | null;
};

/** One object of a zone. Its row's fields are changed only through `Objects`. */
export type Thing = Writable<ObjectRow> & {
  /** The small number that stands for it in frames and in the isolate, never reused under one epoch. */
  readonly slot: number;
  /** `create` has not run yet. */
  fresh: boolean;
  readonly marks: Marks;
  /** About how many bytes its three groups of state take. */
  bytes: number;
  /** Place as in the last frame: x, y, angle, vx, vy in integers. */
  framed: readonly number[];
};

export type Place = {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly vx: number;
  readonly vy: number;
};

export interface Objects {
  readonly size: number;
  /** About how many bytes the states, names, looks and words of all take: a frame must hold them. */
  readonly bytes: number;
  find(id: ObjectId): Thing | undefined;
  /** In id order. */
  all(): readonly Thing[];
  /** What it holds, directly. */
  held(id: ObjectId): readonly Thing[];
  /** It and everything it holds, holders first. */
  whole(thing: Thing): readonly Thing[];
  /** Takes a row in under a new slot. `saved` says that the database has it as it is. */
  add(row: ObjectRow, how: { readonly fresh: boolean; readonly saved: boolean; readonly slot?: number }): Thing;
  /** The slot that the next one gets. */
  nextSlot(): number;
  /** Goes on from there: objects that came in under slots of their own are older. */
  restoreSlots(next: number): void;
  /** Takes it out; what it holds stays and must be seen to first. `moved` says that its row lives on in another zone. */
  remove(thing: Thing, moved?: boolean): void;
  /** Sets public fields that differ. */
  set(thing: Thing, fields: Partial<Pick<Thing, Exclude<PublicField, 'body' | 'holder'>>>): void;
  hold(thing: Thing, holder: ObjectId | null): void;
  /** Sets the place when it differs. `jump`: nobody is to interpolate over it. */
  place(thing: Thing, place: Place, jump?: boolean): void;
  /** Merges changed keys. */
  state(thing: Thing, group: 'state' | 'own', changed: JsonObject): void;
  /** Replaces both groups, after a migration. */
  replaceState(thing: Thing, state: JsonObject, own: JsonObject): void;
  keep(thing: Thing, keep: JsonObject): void;
  /** The kind's body or look changed under it: its row is as it was. */
  mark(thing: Thing, field: PublicField): void;
  /** Everything that belongs to the owner is told again. */
  markOwn(owner: string): void;
  /** Whether the next frame would have anything about objects. */
  marked(): boolean;
  /** What changed since the last call, in id order, and the slots that are gone. */
  takeMarked(): { readonly things: readonly Thing[]; readonly out: readonly number[] };
  unsaved(): boolean;
  /** Rows changed and ids removed since the last call. */
  takeUnsaved(): { readonly objects: readonly ObjectRow[]; readonly removed: readonly ObjectId[] };
  /** The clock of `changed`: set at the start of each tick. */
  at(tick: number, time: number): void;
}

export function createObjects(): Objects {
  const byId = new Map<ObjectId, Thing>();
  const heldBy = new Map<ObjectId, Set<Thing>>();
  const marked = new Set<Thing>();
  const unsaved = new Set<Thing>();
  const removed = new Set<ObjectId>();
  let out: number[] = [];
  let order: Thing[] | null = null;
  let slots = 0;
  let bytes = 0;
  let now = { tick: 0, time: 0 };

  function touch(thing: Thing): Marks {
    thing.changed = now.time;
    thing.changedTick = now.tick;
    unsaved.add(thing);
    marked.add(thing);
    return thing.marks;
  }

  function weigh(thing: Thing): void {
    bytes -= thing.bytes;
    thing.bytes = sizeOf(thing.state) + sizeOf(thing.own) + sizeOf(thing.keep);
    bytes += thing.bytes;
  }

  function markField(thing: Thing, field: PublicField): void {
    const marks = touch(thing);
    marks.fields ??= new Set();
    marks.fields.add(field);
  }

  function markKeys(thing: Thing, group: 'state' | 'own', keys: readonly string[]): void {
    const marks = touch(thing);
    const set = marks[group] ?? new Set<string>();
    for (const key of keys) set.add(key);
    marks[group] = set;
  }

  function linkHolder(thing: Thing, holder: ObjectId | null): void {
    if (thing.holder !== null) heldBy.get(thing.holder)?.delete(thing);
    thing.holder = holder;
    if (holder === null) return;
    const set = heldBy.get(holder) ?? new Set();
    set.add(thing);
    heldBy.set(holder, set);
  }

  const held = (id: ObjectId) => [...(heldBy.get(id) ?? [])].sort(byIdOrder);

  function whole(thing: Thing): Thing[] {
    const all = [thing];
    for (let i = 0; i < all.length; i++) all.push(...held((all[i] as Thing).id));
    return all;
  }

  return {
    get size() {
      return byId.size;
    },
    get bytes() {
      return bytes;
    },
    find: (id) => byId.get(id),
    all() {
      order ??= [...byId.values()].sort(byIdOrder);
      return order;
    },
    held,
    whole,
    nextSlot: () => slots,
    restoreSlots(next) {
      slots = next;
    },
    add(row, { fresh, saved, slot = slots++ }) {
      const marks = { fresh: true, whole: false, jump: false, fields: null, state: null, own: null };
      const thing: Thing = { ...row, holder: null, slot, fresh, marks, framed: [], bytes: 0 };
      byId.set(row.id, thing);
      weigh(thing);
      bytes += faceOf(thing);
      removed.delete(row.id);
      order = null;
      linkHolder(thing, row.holder);
      marked.add(thing);
      if (!saved) touch(thing);
      return thing;
    },
    remove(thing, moved = false) {
      if (byId.get(thing.id) !== thing) return;
      byId.delete(thing.id);
      bytes -= thing.bytes + faceOf(thing);
      linkHolder(thing, null);
      heldBy.delete(thing.id);
      order = null;
      unsaved.delete(thing);
      marked.delete(thing);
      if (!thing.marks.fresh) out.push(thing.slot);
      if (!moved) removed.add(thing.id);
    },
    set(thing, fields) {
      for (const key of Object.keys(fields) as (keyof typeof fields)[]) {
        const value = fields[key];
        if (value === undefined || isEqual(thing[key], value)) continue;
        bytes -= faceOf(thing);
        Object.assign(thing, { [key]: value });
        bytes += faceOf(thing);
        markField(thing, key);
      }
    },
    hold(thing, holder) {
      if (thing.holder === holder) return;
      linkHolder(thing, holder);
      markField(thing, 'holder');
    },
    place(thing, to, jump = false) {
      const { x, y, angle, vx, vy } = thing;
      if (x === to.x && y === to.y && angle === to.angle && vx === to.vx && vy === to.vy) return;
      thing.x = to.x;
      thing.y = to.y;
      thing.angle = to.angle;
      thing.vx = to.vx;
      thing.vy = to.vy;
      const marks = touch(thing);
      if (jump && (x !== to.x || y !== to.y)) marks.jump = true;
    },
    state(thing, group, changed) {
      const keys = Object.keys(changed);
      if (keys.length === 0) return;
      thing[group] = { ...thing[group], ...changed };
      weigh(thing);
      markKeys(thing, group, keys);
    },
    replaceState(thing, state, own) {
      const before = [...Object.keys(thing.state), ...Object.keys(thing.own)];
      thing.state = state;
      thing.own = own;
      weigh(thing);
      markKeys(thing, 'state', Object.keys(state));
      markKeys(thing, 'own', Object.keys(own));
      if (before.some((key) => !Object.hasOwn(state, key) && !Object.hasOwn(own, key))) thing.marks.whole = true;
    },
    keep(thing, keep) {
      thing.keep = keep;
      weigh(thing);
      // Nobody sees it: saved, but in no frame, and not a change that others could ask for.
      unsaved.add(thing);
    },
    mark(thing, field) {
      marked.add(thing);
      thing.marks.fields ??= new Set();
      thing.marks.fields.add(field);
    },
    markOwn(owner) {
      for (const thing of byId.values()) {
        if (thing.owner !== owner) continue;
        thing.marks.own = new Set(Object.keys(thing.own));
        marked.add(thing);
      }
    },
    marked: () => marked.size > 0 || out.length > 0,
    takeMarked() {
      const things = [...marked].sort(byIdOrder);
      const gone = out.sort((a, b) => a - b);
      marked.clear();
      out = [];
      return { things, out: gone };
    },
    unsaved: () => unsaved.size > 0 || removed.size > 0,
    takeUnsaved() {
      const rows = [...unsaved].sort(byIdOrder).map(toRow);
      const ids = [...removed];
      unsaved.clear();
      removed.clear();
      return { objects: rows, removed: ids };
    },
    at(tick, time) {
      now = { tick, time };
    },
  };
}

/** Bytes of what people see of it. */
function faceOf({ name, look, words }: Thing): number {
  return sizeOf(name) + sizeOf(look) + sizeOf(words);
}

/** The object as a database row, in a fixed order of fields. */
export function toRow(thing: Thing): ObjectRow {
  return {
    id: thing.id,
    kind: thing.kind,
    name: thing.name,
    look: thing.look,
    holder: thing.holder,
    x: thing.x,
    y: thing.y,
    angle: thing.angle,
    vx: thing.vx,
    vy: thing.vy,
    scale: thing.scale,
    speed: thing.speed,
    owner: thing.owner,
    words: thing.words,
    physical: thing.physical,
    shape: thing.shape,
    scripts: thing.scripts,
    state: thing.state,
    own: thing.own,
    keep: thing.keep,
    changed: thing.changed,
    changedTick: thing.changedTick,
    tiledId: thing.tiledId,
  };
}

function byIdOrder(a: Thing, b: Thing): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
