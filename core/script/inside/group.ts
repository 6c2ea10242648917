/**
 * Declared fields of an object: `state`, `own`, or one script's `secret`. A handler sees them as an object with one
 * accessor for each field; nested values are copied when first read and become plain data when the handler ends.
 */
import type { Json, JsonObject } from '../../contract/content.ts';
import { here, type Obj, record } from './here.ts';
import { dataLimits, deepFreeze, mutable, plain, same, sizeOf } from './plain.ts';

/** The fields of a group, the same for all objects of a sort. */
export type Layout = {
  readonly what: string;
  readonly names: readonly string[];
  readonly defaults: readonly Json[];
  readonly accessors: readonly PropertyDescriptor[];
};

export type Group = {
  readonly layout: Layout;
  /** Whose it is: null for the zone's, which every script may set. */
  readonly of: Obj | null;
  readonly values: Json[];
  /** What was told outside. */
  readonly told: (Json | undefined)[];
  /** Nested values the running handler works on. */
  drafts: unknown[] | null;
  listed: boolean;
  grown: boolean;
  handle: object | null;
  /** The handler in which `handle` works. */
  turn: number;
  /** As others see it, made when asked for. */
  shown: JsonObject | null;
};

/** Makes the accessors of a group's fields. `defaults` are checked data. */
export function layoutOf(what: string, defaults: ReadonlyMap<string, Json>): Layout {
  const names = [...defaults.keys()];
  const accessors = names.map((name, i) => accessorOf(`${what}.${name}`, i));
  return { what, names, defaults: [...defaults.values()], accessors };
}

/** A group with stored values; missing fields get their defaults and are told outside. */
export function groupOf(layout: Layout, of: Obj | null, stored: JsonObject): Group {
  const told = layout.names.map((name) => (Object.hasOwn(stored, name) ? stored[name] : undefined));
  const values = told.map((value, i) => deepFreeze(value === undefined ? (layout.defaults[i] as Json) : value));
  const group: Group = {
    layout,
    of,
    values,
    told: told.map((value, i) => (value === undefined ? undefined : values[i])),
    drafts: null,
    listed: false,
    grown: false,
    handle: null,
    turn: 0,
    shown: null,
  };
  if (told.includes(undefined)) list(group);
  return group;
}

/** The group as the running handler may use it. */
export function handleOf(group: Group): object {
  group.turn = here.turn;
  return group.handle ?? makeHandle(group);
}

/** Apart from its one hot caller: a function with a closure in it allocates for that whenever it is called. */
function makeHandle(group: Group): object {
  const handle = new Fields(group);
  group.layout.names.forEach((name, i) => {
    Object.defineProperty(handle, name, group.layout.accessors[i] as PropertyDescriptor);
  });
  Object.preventExtensions(handle);
  group.handle = handle;
  return handle;
}

/** The group as others may read it: frozen, and true for this moment. */
export function shown(group: Group): JsonObject {
  if (group.shown) return group.shown;
  const object: Record<string, Json> = {};
  group.layout.names.forEach((name, i) => {
    object[name] = group.values[i] as Json;
  });
  group.shown = Object.freeze(object);
  return object;
}

/** Sets a field to checked data, undone with the handler. */
export function setField(group: Group, i: number, value: Json): void {
  const old = group.values[i] as Json;
  record(group, i, old);
  if (typeof value !== 'number' || typeof old !== 'number') {
    if (typeof value !== 'boolean') grow(group);
  }
  if (!group.listed) list(group);
  // Last: where the stack ends, nothing is set that is not listed.
  group.values[i] = value;
  group.shown = null;
}

/** Ends the drafts from `mark` on: nested values become plain data, sizes are checked. */
export function settleGroups(mark: number): void {
  const { drafted } = here;
  for (let n = mark; n < drafted.length; n++) {
    const group = drafted[n] as Group;
    const { drafts } = group;
    group.drafts = null;
    if (drafts) settle(group, drafts);
    if (!group.grown) continue;
    group.grown = false;
    let size = 2;
    group.values.forEach((value, i) => {
      size += sizeOf(value) + (group.layout.names[i] as string).length + 4;
    });
    if (size > dataLimits.state) throw new RangeError(`${group.layout.what} is bigger than ${dataLimits.state} bytes`);
  }
  drafted.length = mark;
}

/** Forgets the drafts from `mark` on: the handler failed. */
export function dropDrafts(mark: number): void {
  for (let n = mark; n < here.drafted.length; n++) {
    const group = here.drafted[n] as Group;
    group.drafts = null;
    group.grown = false;
    group.shown = null;
  }
  here.drafted.length = mark;
}

/** Fields that differ from what was told, and marks them as told. Null when there are none. */
export function takeChanges(group: Group): JsonObject | null {
  let changes: Record<string, Json> | null = null;
  group.listed = false;
  for (let i = 0; i < group.values.length; i++) {
    const value = group.values[i] as Json;
    const told = group.told[i];
    if (value === told || (told !== undefined && same(value, told))) continue;
    group.told[i] = value;
    changes ??= {};
    changes[group.layout.names[i] as string] = value;
  }
  return changes;
}

function settle(group: Group, drafts: readonly unknown[]): void {
  for (let i = 0; i < drafts.length; i++) {
    if (drafts[i] === undefined) continue;
    const value = plain(drafts[i], `${group.layout.what}.${group.layout.names[i]}`, dataLimits.state);
    if (!same(value, group.values[i] as Json)) setField(group, i, value);
  }
}

function list(group: Group): void {
  here.dirty.push(group);
  group.listed = true;
}

/** Its size must be looked at when the handler ends. */
function grow(group: Group): void {
  if (group.grown) return;
  if (!group.drafts) here.drafted.push(group);
  group.grown = true;
}

function accessorOf(what: string, i: number): PropertyDescriptor {
  const accessor: PropertyDescriptor = {
    enumerable: true,
    configurable: false,
    get(this: unknown): unknown {
      return read(Fields.open(this, what), i);
    },
    set(this: unknown, value: unknown) {
      write(Fields.open(this, what), i, value, what);
    },
  };
  // All objects of a kind share them.
  Object.freeze(accessor.get);
  Object.freeze(accessor.set);
  return accessor;
}

function read(group: Group, i: number): unknown {
  const value = group.values[i] as Json;
  // Who is asked does not get at what the asking handler works on, and is blamed for.
  if (here.asking) return value;
  if (group.drafts !== null) {
    const draft = group.drafts[i];
    if (draft !== undefined) return draft;
  }
  if (typeof value !== 'object' || value === null) return value;
  const draft = mutable(value);
  draftsOf(group)[i] = draft;
  return draft;
}

function write(group: Group, i: number, value: unknown, what: string): void {
  if (here.asking) throw new Error('a `before` handler only decides: it changes nothing');
  if (typeof value === 'object' && value !== null) {
    draftsOf(group)[i] = value;
    return;
  }
  if (group.drafts !== null) group.drafts[i] = undefined;
  if (value === group.values[i]) return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${what} is ${value}: a number must be finite`);
  } else if (typeof value !== 'boolean') plain(value, what, dataLimits.state);
  setField(group, i, value as Json);
}

function draftsOf(group: Group): unknown[] {
  if (group.drafts) return group.drafts;
  if (!group.grown) here.drafted.push(group);
  group.drafts = [];
  return group.drafts;
}

/** What a script holds as `self.state`. */
class Fields {
  #group: Group;

  constructor(group: Group) {
    this.#group = group;
  }

  static open(handle: unknown, what: string): Group {
    if (typeof handle !== 'object' || handle === null || !(#group in handle)) throw new TypeError(`${what} of nothing`);
    const group = handle.#group;
    if (group.turn !== here.turn || (group.of !== null && group.of !== here.me) || here.turn === 0) {
      throw new Error(`${what} was kept after its handler: ask self for it again`);
    }
    return group;
  }
}
Reflect.deleteProperty(Fields.prototype, 'constructor');

/** What every `self.state`, `own` and `secret` inherits, to be frozen. */
export const fieldsPrototype: object = Fields.prototype;
