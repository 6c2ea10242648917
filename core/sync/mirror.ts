/**
 * What a client knows of its view, built from `snapshot` and `delta` as docs/protocol.md says. The server keeps its
 * zones with the same functions, so that both sides cannot differ in what a message means.
 * Runs in browsers, and never copies a stranger's keys into an object with a prototype.
 */
import type { Json, JsonObject, Look, Shape } from '../contract/content.ts';
import type { Delta, Snapshot, WireEvent, WireFields, WireObject } from '../contract/protocol.ts';
import { unpackMoves } from './packed.ts';
import { objectSum } from './sum.ts';

/** Plain data without a prototype: keys come from strangers. */
export type Fields = Record<string, Json>;

/** An object with every key of the wire filled in. Places are whole frame units (`fx`, `fy`, `fa`). */
export type Mirrored = {
  readonly id: string;
  slot: number;
  kind: string;
  name: string;
  look: Look | null;
  body: Shape | null;
  holder: string | null;
  fx: number;
  fy: number;
  fa: number;
  scale: number;
  speed: number;
  owner: string | null;
  words: readonly string[];
  physical: boolean;
  state: Fields;
};

/** Names of the properties that a change touched. */
export type ChangedKey = 'place' | Exclude<keyof Mirrored, 'id' | 'slot' | 'fx' | 'fy' | 'fa'>;

/** What a delta did. */
export type Applied<T extends Mirrored> = {
  readonly appeared: readonly T[];
  readonly changed: readonly { readonly object: T; readonly keys: readonly ChangedKey[] }[];
  readonly vanished: readonly T[];
  readonly events: readonly WireEvent[];
  /** False when the delta's checksum differs from ours: ask for a snapshot. */
  readonly sound: boolean;
};

export function fromWire(wire: WireObject): Mirrored {
  return {
    id: wire.i,
    slot: wire.s,
    kind: wire.k,
    name: wire.n ?? '',
    look: wire.l ?? null,
    body: wire.b ?? null,
    holder: wire.h ?? null,
    fx: wire.x,
    fy: wire.y,
    fa: wire.a ?? 0,
    scale: wire.z ?? 1,
    speed: wire.v ?? 0,
    owner: wire.o ?? null,
    words: wire.w ?? [],
    physical: wire.p !== 0,
    state: merge(emptyFields(), wire.st),
  };
}

/** The inverse of `fromWire`: keys with their usual value are left out. */
export function toWire(object: Mirrored): WireObject {
  return {
    i: object.id,
    s: object.slot,
    k: object.kind,
    ...(object.name === '' ? {} : { n: object.name }),
    ...(object.look === null ? {} : { l: object.look }),
    ...(object.body === null ? {} : { b: object.body }),
    ...(object.holder === null ? {} : { h: object.holder }),
    x: object.fx,
    y: object.fy,
    ...(object.fa === 0 ? {} : { a: object.fa }),
    ...(object.scale === 1 ? {} : { z: object.scale }),
    ...(object.speed === 0 ? {} : { v: object.speed }),
    ...(object.owner === null ? {} : { o: object.owner }),
    ...(object.words.length === 0 ? {} : { w: object.words }),
    ...(object.physical ? {} : { p: 0 as const }),
    ...(Object.keys(object.state).length === 0 ? {} : { st: object.state }),
  };
}

/** Applies the fields of a `ch` entry. */
export function applyFields(object: Mirrored, fields: WireFields): ChangedKey[] {
  const keys: ChangedKey[] = [];
  const put = <K extends ChangedKey & keyof Mirrored>(key: K, value: Mirrored[K] | undefined): void => {
    if (value === undefined) return;
    (object as { [P in K]: Mirrored[P] })[key] = value;
    keys.push(key);
  };
  put('name', fields.n);
  put('look', fields.l);
  put('body', fields.b);
  put('holder', fields.h);
  put('scale', fields.z);
  put('speed', fields.v);
  put('owner', fields.o);
  put('words', fields.w);
  put('physical', fields.p === undefined ? undefined : fields.p === 1);
  if (fields.st !== undefined) {
    merge(object.state, fields.st);
    keys.push('state');
  }
  return keys;
}

export function emptyFields(): Fields {
  return Object.create(null) as Fields;
}

/** Sets each top-level key of `changes` in `target`, which has no prototype. */
export function merge(target: Fields, changes: JsonObject | undefined): Fields {
  if (changes !== undefined) for (const key of Object.keys(changes)) target[key] = changes[key] as Json;
  return target;
}

export type MirrorOptions<T extends Mirrored> = {
  /** Completes a new object with what its keeper wants to remember of it. */
  readonly complete: (object: Mirrored) => T;
  /** Called whenever the place of an object was set, also when it is new. */
  readonly placed?: (object: T, tick: number) => void;
};

/** A view and everything in it. */
export class Mirror<T extends Mirrored = Mirrored> {
  /** Undefined before the first snapshot. */
  zone: string | undefined;
  epoch = -1;
  tick = 0;
  /** Id of the session's character; empty without one. */
  self = '';
  /** Frame units per metre and per turn. */
  units: readonly [metre: number, turn: number] = [100, 256];
  /** Ticks a second. */
  rate = 20;
  readonly objects = new Map<string, T>();
  world: Fields = emptyFields();
  /** What only this session may see, by object id. */
  readonly own = new Map<string, Fields>();
  /** Highest `seq` that the zone has used. */
  ack = -1;

  readonly #slots = new Map<number, T>();
  readonly #options: MirrorOptions<T>;

  constructor(options: MirrorOptions<T>) {
    this.#options = options;
  }

  /** Replaces everything. Objects that were known keep their identity. */
  applySnapshot(snapshot: Snapshot): Pick<Applied<T>, 'appeared' | 'vanished'> {
    if (snapshot.z !== this.zone || snapshot.e !== this.epoch) this.ack = -1;
    this.zone = snapshot.z;
    this.epoch = snapshot.e;
    this.tick = snapshot.t;
    this.self = snapshot.self ?? '';
    this.units = snapshot.u;
    this.rate = snapshot.r;
    this.world = merge(emptyFields(), snapshot.w);
    this.own.clear();
    this.#mergeOwn(snapshot.own);
    const former = new Map(this.objects);
    this.objects.clear();
    this.#slots.clear();
    const appeared: T[] = [];
    for (const wire of snapshot.o) {
      const known = former.get(wire.i);
      const object = this.#put(wire, known);
      if (known === undefined) appeared.push(object);
      former.delete(wire.i);
    }
    return { appeared, vanished: [...former.values()] };
  }

  /** Applies a delta; undefined when it belongs to another epoch than the last snapshot. */
  applyDelta(delta: Delta): Applied<T> | undefined {
    if (this.zone === undefined || delta.e !== this.epoch) return undefined;
    this.tick = delta.t;
    const appeared: T[] = [];
    const changed: { object: T; keys: ChangedKey[] }[] = [];
    for (const wire of delta.in ?? []) {
      const known = this.objects.get(wire.i);
      const object = this.#put(wire, known);
      if (known === undefined) appeared.push(object);
      else changed.push({ object, keys: [...allKeys] });
    }
    unpackMoves(delta.mv ?? '', (slot, dx, dy, da) => {
      const object = this.#slots.get(slot);
      if (object === undefined) return;
      this.#place(object, dx, dy, da);
      changed.push({ object, keys: ['place'] });
    });
    for (const [slot, dx, dy, da, fields] of delta.ch ?? []) {
      const object = this.#slots.get(slot);
      if (object === undefined) continue;
      const keys = fields === undefined ? [] : applyFields(object, fields);
      if (dx !== 0 || dy !== 0 || (da ?? 0) !== 0) {
        this.#place(object, dx, dy, da ?? 0);
        keys.push('place');
      }
      changed.push({ object, keys });
    }
    const vanished = this.#drop(delta.out ?? []);
    merge(this.world, delta.w);
    this.#mergeOwn(delta.own);
    if (delta.ack !== undefined) this.ack = delta.ack;
    const sound = delta.sum === undefined || delta.sum === this.sum();
    return { appeared, changed, vanished, events: delta.ev ?? [], sound };
  }

  /** Checksum of everything in view. */
  sum(): number {
    let sum = 0;
    for (const { slot, fx, fy, fa } of this.objects.values()) sum = (sum + objectSum(slot, fx, fy, fa)) >>> 0;
    return sum;
  }

  /** The object that a `jump` or a `ch` speaks of. */
  bySlot(slot: number): T | undefined {
    return this.#slots.get(slot);
  }

  #put(wire: WireObject, known: T | undefined): T {
    const fresh = fromWire(wire);
    // In another epoch its former slot may be somebody else's, who has come before it.
    if (known !== undefined && this.#slots.get(known.slot) === known) this.#slots.delete(known.slot);
    const object = known === undefined ? this.#options.complete(fresh) : Object.assign(known, fresh);
    this.objects.set(object.id, object);
    this.#slots.set(object.slot, object);
    this.#options.placed?.(object, this.tick);
    return object;
  }

  #place(object: T, dx: number, dy: number, da: number): void {
    object.fx += dx;
    object.fy += dy;
    object.fa += da;
    this.#options.placed?.(object, this.tick);
  }

  #drop(slots: readonly number[]): T[] {
    const vanished: T[] = [];
    for (const slot of slots) {
      const object = this.#slots.get(slot);
      if (object === undefined) continue;
      this.#slots.delete(slot);
      this.objects.delete(object.id);
      this.own.delete(object.id);
      vanished.push(object);
    }
    return vanished;
  }

  #mergeOwn(own: Snapshot['own']): void {
    for (const [id, changes] of Object.entries(own ?? {})) {
      this.own.set(id, merge(this.own.get(id) ?? emptyFields(), changes));
    }
  }
}

const allKeys: readonly ChangedKey[] = [
  'place',
  'kind',
  'name',
  'look',
  'body',
  'holder',
  'scale',
  'speed',
  'owner',
  'words',
  'physical',
  'state',
];

/** A mirror that only follows, for clients that draw nothing. */
export function createFollower(): Mirror {
  return new Mirror({ complete: (object) => object });
}
