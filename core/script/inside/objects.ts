/** The read copy of the zone's objects: who comes in, changes from outside, and goes. */
import type { Shape } from '../../contract/content.ts';
import { type LoadedObject, type Placed, walkingSpeed } from '../../contract/driver.ts';
import { reachOf } from './geometry.ts';
import { groupOf, layoutOf } from './group.ts';
import { here, isPlayer, type Obj, undoable, zoneItself } from './here.ts';
import { createKeep, forgetPlayer, type Keep } from './keep.ts';
import { deepFreeze } from './plain.ts';
import type { Sort } from './sorts.ts';

/** What is needed of a row. */
export type Row = Omit<LoadedObject, 'changed' | 'changedTick' | 'tiledId' | 'fresh' | 'scripts' | 'holder'>;

/** Makes an object of a row; it is in the world after `add`. */
export function createObject(row: Row, sort: Sort): Obj {
  const body = sort.body ?? row.shape;
  const plainThing = sort.scripts.length === 0;
  const object = {
    id: row.id,
    slot: row.slot,
    kind: row.kind,
    sort,
    name: row.name,
    look: deepFreeze(row.look),
    holder: null,
    held: noneHeld,
    x: row.x,
    y: row.y,
    angle: row.angle,
    vx: row.vx,
    vy: row.vy,
    scale: row.scale,
    speed:
      row.speed > 0
        ? row.speed
        : (sort.speed ?? (row.kind === here.character ? walkingSpeed.character : walkingSpeed.other)),
    owner: row.owner,
    words: Object.freeze([...row.words]),
    physical: row.physical,
    shape: body,
    solid: true,
    type: 'dynamic',
    alive: false,
    dying: false,
    cell: -1,
    walk: null,
    stroll: null,
    near: null,
    faults: null,
    every: 1,
    limited: false,
    spawned: null,
    radius: body ? reachOf({ shape: body, x: 0, y: 0, angle: 0 }) : 0,
    phase: Number.parseInt(row.id.slice(-4), 16) || 0,
  } as Omit<Obj, 'state' | 'own' | 'keep'> as { -readonly [K in keyof Obj]: Obj[K] };
  // A thing without a script shows what the map gave it.
  const of = row.id === zoneItself ? null : object;
  object.state = groupOf(
    plainThing ? layoutOf('state', new Map(Object.entries(row.state))) : sort.state,
    of,
    row.state,
  );
  object.own = groupOf(sort.own, object, row.own);
  object.keep = createKeep(object, sort.scripts, row.keep);
  const isStatic = object.words.includes('static') || row.state.static === true;
  object.solid = object.keep.body?.solid ?? sort.body?.solid ?? true;
  object.type =
    (object.keep.body?.type as Obj['type'] | undefined) ??
    sort.body?.type ??
    (isStatic && !sort.body ? 'static' : 'dynamic');
  return object;
}

/** Puts it into the world. @param many  One of many, outside of any handler. */
export function add(object: Obj, holder: Obj | null, many = false): void {
  object.alive = true;
  here.byId.set(object.id, object);
  here.biggest = Math.max(here.biggest, object.radius);
  if (object.sort.ticks.length > 0) here.tickers++;
  if (object.sort.looks) here.lookers++;
  if (object.slot >= 0) here.bySlot.set(object.slot, object);
  insert(object, many);
  if (object.owner !== null && isPlayer(object)) here.byOwner.set(object.owner, object);
  if (holder) attach(object, holder);
  else here.grid.add(object);
  here.stirred = true;
}

/** Takes it out of the world, alone. */
export function remove(object: Obj): void {
  if (!object.alive) return;
  object.alive = false;
  here.byId.delete(object.id);
  if (object.sort.ticks.length > 0) here.tickers--;
  if (object.sort.looks) here.lookers--;
  here.bySlot.delete(object.slot);
  const list = here.byKind.get(object.kind);
  if (list)
    here.byKind.set(
      object.kind,
      list.filter((other) => other !== object),
    );
  if (object.owner !== null && here.byOwner.get(object.owner) === object) here.byOwner.delete(object.owner);
  if (object.holder) detach(object);
  if (object.cell >= 0) here.grid.remove(object);
  here.timers.forget(object.id);
  here.stirred = true;
}

/** Its life is over: what scripts remember of it goes too. */
export function forget(object: Obj): void {
  here.gone.set(object.id, object);
  if (!isPlayer(object)) return;
  for (const other of here.byId.values()) forgetPlayer(other.keep, object.id);
}

/** Moves it between holders, or to the ground at (x, y). Undone with the handler. */
export function changeHolder(object: Obj, holder: Obj | null, x: number, y: number): void {
  const old = { holder: object.holder, held: object.holder?.held, x: object.x, y: object.y };
  const before = holder?.held;
  undoable(() => {
    if (object.holder) detach(object);
    object.x = old.x;
    object.y = old.y;
    if (object.cell >= 0) here.grid.remove(object);
    if (old.holder) attach(object, old.holder);
    else here.grid.add(object);
    if (old.holder && old.held) old.holder.held = old.held;
    if (holder && before && holder !== old.holder) holder.held = before;
  });
  if (object.holder) detach(object);
  if (object.cell >= 0) here.grid.remove(object);
  object.x = x;
  object.y = y;
  if (holder) attach(object, holder);
  else here.grid.add(object);
  here.stirred = true;
}

/** A new place, undone with the handler. */
export function place(object: Obj, x: number, y: number): void {
  const old = { x: object.x, y: object.y };
  undoable(() => moveTo(object, old.x, old.y));
  moveTo(object, x, y);
}

export function moveTo(object: Obj, x: number, y: number): void {
  object.x = x;
  object.y = y;
  if (object.cell >= 0) here.grid.moved(object);
  here.stirred = true;
}

/** Its body with its place, or null when it has none. */
export function placed(object: Obj): Placed | null {
  const shape = object.shape as Shape | null;
  return shape && object.physical && !object.holder ? { shape, x: object.x, y: object.y, angle: object.angle } : null;
}

/** Its shape for distances from edge to edge: a point when it has no body. */
export function outline(object: Obj): Placed {
  return { shape: object.shape ?? point, x: object.x, y: object.y, angle: object.angle };
}

/** A row as an object that came from elsewhere has it now. */
export function refresh(object: Obj, row: Row, holder: Obj | null): void {
  object.name = row.name;
  object.look = deepFreeze(row.look);
  object.owner = row.owner;
  object.words = Object.freeze([...row.words]);
  object.physical = row.physical;
  object.angle = row.angle;
  object.vx = row.vx;
  object.vy = row.vy;
  if (object.holder !== holder) changeHolder(object, holder, row.x, row.y);
  moveTo(object, row.x, row.y);
}

/** Solidity and body type that scripts chose, undone with the handler. */
export function setBody(keep: Keep, body: Keep['body']): void {
  const old = keep.body;
  undoable(() => {
    keep.body = old;
  });
  keep.body = body;
}

function attach(object: Obj, holder: Obj): void {
  object.holder = holder;
  holder.held = Object.freeze([...holder.held, object]);
}

function detach(object: Obj): void {
  const { holder } = object;
  if (holder) holder.held = Object.freeze(holder.held.filter((other) => other !== object));
  object.holder = null;
}

/** Keeps the list of its kind in id order. In a tick lists are replaced, so that a loop over one is not disturbed. */
function insert(object: Obj, many: boolean): void {
  const old = here.byKind.get(object.kind) ?? [];
  const last = old[old.length - 1];
  const list = many ? old : [...old];
  list.push(object);
  if (last && last.id > object.id) list.sort((a, b) => (a.id < b.id ? -1 : 1));
  here.byKind.set(object.kind, list);
}

const noneHeld: readonly Obj[] = Object.freeze([]);
const point: Shape = { shape: 'circle', radius: 0 };
