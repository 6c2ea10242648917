/**
 * The gateway's copy of one zone, kept from its frames: every object with its place in the grid, the fragments of JSON
 * that deltas are joined from, and what the last frame changed. Each object is encoded once per tick, whoever sees it.
 */
import type { JsonObject } from '../../contract/content.ts';
import type { ObjectId, PublicFrame, PublicObject } from '../../contract/link.ts';
import { Grid } from '../../sync/grid.ts';
import { applyFields, emptyFields, type Fields, merge, toWire } from '../../sync/mirror.ts';
import { packSlot } from '../../sync/packed.ts';
import { Cell } from './cell.ts';
import { Fragment, joinFields, toFields } from './fragments.ts';
import { type Crossing, nowhere, type Tracked } from './tracked.ts';

/** What one frame changed, ready to be joined. */
export type Changes = {
  readonly frame: Pick<PublicFrame, 'jumps'>;
  /** Counts the mirror's frames: cells know by it what is new. */
  readonly number: number;
  /** Objects that changed. */
  readonly changed: ReadonlySet<Tracked>;
  readonly crossings: ReadonlyMap<Tracked, Crossing>;
};

export type ZoneShape = {
  readonly width: number;
  readonly height: number;
  /** Side of a cell in metres. */
  readonly cell: number;
  readonly units: { readonly metre: number; readonly turn: number };
};

export class ZoneMirror {
  readonly epoch: number;
  readonly units: ZoneShape['units'];
  /** Over framed units. */
  readonly grid: Grid;
  tick = 0;
  time = 0;
  world: Fields = emptyFields();
  readonly objects = new Map<ObjectId, Tracked>();
  /** Owner's parts, by owner and object. */
  readonly own = new Map<string, Map<ObjectId, Fields>>();
  readonly #slots = new Map<number, Tracked>();
  readonly #cells = new Map<number, Cell>();
  readonly #held = new Map<ObjectId, Set<Tracked>>();
  /** Of the frame being applied. */
  #crossings = new Map<Tracked, Crossing>();
  #frames = 0;

  constructor(epoch: number, { width, height, cell, units }: ZoneShape) {
    this.epoch = epoch;
    this.units = units;
    this.grid = new Grid(width * units.metre, height * units.metre, cell * units.metre);
  }

  /** Applies a frame of this epoch. */
  apply(frame: PublicFrame): Changes {
    this.tick = frame.tick;
    this.time = frame.time;
    this.#crossings = new Map();
    const changed = new Set<Tracked>();
    const move = (object: Tracked, x: number, y: number, angle: number): void => {
      const { fragment } = object;
      if (!changed.has(object)) {
        changed.add(object);
        fragment.clear();
      }
      fragment.dx += x - object.fx;
      fragment.dy += y - object.fy;
      fragment.da += angle - object.fa;
      object.fx = x;
      object.fy = y;
      object.fa = angle;
    };

    for (const entered of frame.in) this.#put(entered);
    const { moves } = frame;
    for (let at = 0; at + 5 < moves.length; at += 6) {
      const object = this.#slots.get(moves[at] as number);
      if (object === undefined) continue;
      move(object, moves[at + 1] as number, moves[at + 2] as number, moves[at + 3] as number);
      object.vx = moves[at + 4] as number;
      object.vy = moves[at + 5] as number;
      object.changed = frame.time;
      object.changedTick = frame.tick;
    }
    for (const change of frame.changes) {
      const object = this.#slots.get(change.slot);
      if (object === undefined) continue;
      move(object, change.x ?? object.fx, change.y ?? object.fy, change.angle ?? object.fa);
      const fields = toFields(change);
      if (fields.o !== undefined && object.owner !== null) this.own.get(object.owner)?.delete(object.id);
      if (fields.h !== undefined) this.#unhold(object);
      applyFields(object, fields);
      if (fields.h !== undefined) this.#hold(object);
      object.changed = change.changed ?? frame.time;
      object.changedTick = change.changedTick ?? frame.tick;
      const { fragment } = object;
      if (Object.keys(fields).length > 0) fragment.fields = joinFields(fragment.fields, fields);
    }
    for (const object of changed) {
      object.whole = undefined;
      this.#settle(object);
    }
    for (const slot of frame.out) this.#drop(slot);
    if (frame.world !== null) merge(this.world, frame.world);
    for (const { owner, id, own } of frame.own) this.#mergeOwn(owner, id, own);

    const number = ++this.#frames;
    for (const object of changed) {
      if (object.cell === nowhere || object.fragment.isEmpty()) continue;
      const cell = this.#cells.get(object.cell);
      cell?.moved();
      if (!this.#crossings.has(object)) cell?.changed(number, object.fragment);
    }
    for (const crossing of this.#crossings.values()) {
      this.#cells.get(crossing.to)?.crossed(number, crossing);
      if (crossing.from !== crossing.to) this.#cells.get(crossing.from)?.crossed(number, crossing);
    }
    return { frame, number, changed, crossings: this.#crossings };
  }

  bySlot(slot: number): Tracked | undefined {
    return this.#slots.get(slot);
  }

  /** A cell for a set of cells, which gives it back when nobody looks at that any more. */
  takeCell(number: number): Cell {
    const cell = this.#cellAt(number);
    cell.users += 1;
    return cell;
  }

  giveBack(cell: Cell): void {
    cell.users -= 1;
    this.#forgetUnused(cell);
  }

  /** What the object holds, at any depth. */
  *heldBy(holder: ObjectId): Iterable<Tracked> {
    for (const object of this.#held.get(holder) ?? none) {
      yield object;
      yield* this.heldBy(object.id);
    }
  }

  /** JSON of the whole object as `in` and `snapshot` have it. */
  wholeOf(object: Tracked): string {
    object.whole ??= JSON.stringify(toWire(object));
    return object.whole;
  }

  #put(entered: PublicObject): void {
    const known = this.objects.get(entered.id);
    if (known !== undefined) {
      this.#unhold(known);
      this.#slots.delete(known.slot);
    }
    const { x, y, angle, state, ...rest } = entered;
    const fresh = { ...rest, fx: x, fy: y, fa: angle, state: merge(emptyFields(), state), whole: undefined };
    const fragment = new Fragment(entered.slot, packSlot(entered.slot));
    const object: Tracked =
      known === undefined ? { ...fresh, fragment, cell: nowhere } : Object.assign(known, fresh, { fragment });
    this.objects.set(object.id, object);
    this.#slots.set(object.slot, object);
    this.#hold(object);
    this.#settle(object, true);
    // What it holds may have come before it.
    for (const held of this.heldBy(object.id)) this.#settle(held);
  }

  #drop(slot: number): void {
    const object = this.#slots.get(slot);
    if (object === undefined) return;
    this.#moveTo(object, nowhere, false);
    this.#slots.delete(slot);
    this.objects.delete(object.id);
    this.#unhold(object);
    if (object.owner !== null) this.own.get(object.owner)?.delete(object.id);
    // What it held is the zone's to put somewhere or to drop; until then it is where it stands.
    for (const held of [...this.heldBy(object.id)]) this.#settle(held);
  }

  #mergeOwn(owner: string, id: ObjectId, changes: JsonObject): void {
    const byId = this.own.get(owner) ?? new Map<ObjectId, Fields>();
    this.own.set(owner, byId);
    byId.set(id, merge(byId.get(id) ?? emptyFields(), changes));
  }

  /** Puts the object and what it holds into the cell they belong to now. */
  #settle(object: Tracked, replaced = false): void {
    const cell = this.#cellOf(object);
    if (replaced || cell !== object.cell) {
      this.#moveTo(object, cell, replaced);
      for (const held of this.#held.get(object.id) ?? none) this.#settle(held);
    }
  }

  #cellOf(object: Tracked): number {
    let outer = object;
    for (let depth = 0; depth < mostDepth; depth++) {
      if (outer.words.includes('hidden')) return nowhere;
      const holder: Tracked | undefined = outer.holder === null ? undefined : this.objects.get(outer.holder);
      if (holder === undefined) break;
      outer = holder;
    }
    return this.grid.at(outer.fx, outer.fy);
  }

  #moveTo(object: Tracked, to: number, replaced: boolean): void {
    const before = this.#crossings.get(object);
    const from = before?.from ?? object.cell;
    const left = this.#cells.get(object.cell);
    if (left !== undefined) {
      left.remove(object);
      this.#forgetUnused(left);
    }
    object.cell = to;
    if (to !== nowhere) this.#cellAt(to).add(object);
    this.#crossings.set(object, { object, from, to, replaced: replaced || before?.replaced === true });
  }

  #cellAt(number: number): Cell {
    let cell = this.#cells.get(number);
    if (cell === undefined) {
      cell = new Cell(number);
      this.#cells.set(number, cell);
    }
    return cell;
  }

  #forgetUnused(cell: Cell): void {
    if (cell.users === 0 && cell.objects.size === 0) this.#cells.delete(cell.number);
  }

  #hold(object: Tracked): void {
    if (object.holder === null) return;
    const held = this.#held.get(object.holder) ?? new Set<Tracked>();
    this.#held.set(object.holder, held);
    held.add(object);
  }

  #unhold(object: Tracked): void {
    if (object.holder === null) return;
    const held = this.#held.get(object.holder);
    held?.delete(object);
    if (held?.size === 0) this.#held.delete(object.holder);
  }
}

/** Holders inside holders; a zone refuses cycles, this only ends a walk. */
const mostDepth = 16;
const none: ReadonlySet<Tracked> = new Set();
