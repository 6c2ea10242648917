/** Sets of cells that sessions look at. Sessions with the same cells share one set, and with it one message a tick. */
import type { ObjectId } from '../contract/link.ts';
import type { FrameText } from './frame-text.ts';
import { type Changes, nowhere, type ZoneMirror } from './zone-mirror.ts';

/** Something to show at a place (framed units). */
export type Shown = { readonly text: string; readonly x: number; readonly y: number };

export class CellSet {
  readonly cells: readonly number[];
  readonly has: ReadonlySet<number>;
  /** Sessions that look at it. */
  users = 0;
  #changes: Changes | undefined;
  #body = '';
  #jumps = '';
  #effects: readonly Shown[] = nothing;
  #counted: ZoneMirror | undefined;
  #countTick = -1;
  #count = 0;

  constructor(cells: readonly number[]) {
    this.cells = cells;
    this.has = new Set(cells);
  }

  /** `in`, `ch` and `out` of the frame for those who see exactly these cells; each begins with a comma. */
  bodyOf(mirror: ZoneMirror, changes: Changes, text: FrameText): string {
    this.#join(mirror, changes, text);
    return this.#body;
  }

  /** Jumps of the frame, joined. */
  jumpsOf(mirror: ZoneMirror, changes: Changes, text: FrameText): string {
    this.#join(mirror, changes, text);
    return this.#jumps;
  }

  /** Effects of the frame. */
  effectsOf(mirror: ZoneMirror, changes: Changes, text: FrameText): readonly Shown[] {
    this.#join(mirror, changes, text);
    return this.#effects;
  }

  /** Objects in the cells now. */
  countIn(mirror: ZoneMirror): number {
    if (this.#countTick !== mirror.tick || this.#counted !== mirror) {
      this.#counted = mirror;
      this.#countTick = mirror.tick;
      this.#count = 0;
      for (const cell of this.cells) this.#count += mirror.inCell(cell).size;
    }
    return this.#count;
  }

  #join(mirror: ZoneMirror, changes: Changes, text: FrameText): void {
    if (this.#changes === changes) return;
    this.#changes = changes;
    const entered: string[] = [];
    const changed: string[] = [];
    const left: number[] = [];
    for (const cell of this.cells) {
      const text = changes.cells.get(cell);
      if (text !== undefined) changed.push(text);
    }
    for (const { object, from, to, replaced } of changes.crossings.values()) {
      const knew = this.has.has(from);
      if (!this.has.has(to)) {
        if (knew) left.push(object.slot);
      } else if (replaced || !knew) {
        entered.push(mirror.wholeOf(object));
      } else {
        const text = changes.fragments.get(object);
        if (text !== undefined) changed.push(text);
      }
    }
    this.#body = toBody(entered, changed, left);
    const sees: Sees = (_, now, before) => this.has.has(now) || this.has.has(before);
    this.#jumps = seenJumps(mirror, changes, sees);
    this.#effects = seenEffects(mirror, changes, text, sees);
  }
}

export function toBody(entered: readonly string[], changed: readonly string[], left: readonly number[]): string {
  const parts = [
    entered.length > 0 ? `,"in":[${entered.join(',')}]` : '',
    changed.length > 0 ? `,"ch":[${changed.join(',')}]` : '',
    left.length > 0 ? `,"out":[${left.join(',')}]` : '',
  ];
  return parts.join('');
}

/** Whether an object is seen, by its id, its cell now and its cell before the frame. */
export type Sees = (id: ObjectId, now: number, before: number) => boolean;

/** Jumps as JSON, joined, for whoever sees their object. */
export function seenJumps(mirror: ZoneMirror, { frame }: Changes, sees: Sees): string {
  const jumps: string[] = [];
  for (const slot of frame.jumps) {
    const object = mirror.bySlot(slot);
    if (object !== undefined && sees(object.id, object.cell, object.cell)) jumps.push(`{"ev":"jump","s":${slot}}`);
  }
  return jumps.join(',');
}

/** Effects for whoever sees their object. */
export function seenEffects(
  mirror: ZoneMirror,
  changes: Changes,
  { effects }: FrameText,
  sees: Sees,
): readonly Shown[] {
  if (effects.length === 0) return nothing;
  const shown: Shown[] = [];
  for (const { id, text } of effects) {
    const { now, before, x, y } = placeOf(mirror, changes, id);
    if (sees(id, now, before)) shown.push({ text, x, y });
  }
  return shown;
}

const nothing: readonly Shown[] = [];

/** Where an object is and was, also when the frame removed it. */
function placeOf(mirror: ZoneMirror, changes: Changes, id: ObjectId) {
  const object = mirror.objects.get(id);
  if (object !== undefined) {
    const before = changes.crossings.get(object)?.from ?? object.cell;
    return { now: object.cell, before, x: object.fx, y: object.fy };
  }
  for (const { object: gone, from } of changes.crossings.values()) {
    if (gone.id === id) return { now: nowhere, before: from, x: gone.fx, y: gone.fy };
  }
  return { now: nowhere, before: nowhere, x: 0, y: 0 };
}

/** The sets in use in one zone. */
export class CellSets {
  readonly #sets = new Map<string, CellSet>();

  /** The set of these cells, which are in rising order. Give it back with `release`. */
  take(cells: readonly number[]): CellSet {
    const key = cells.join();
    const set = this.#sets.get(key) ?? new CellSet(cells);
    this.#sets.set(key, set);
    set.users += 1;
    return set;
  }

  release(set: CellSet): void {
    set.users -= 1;
    if (set.users === 0) this.#sets.delete(set.cells.join());
  }
}
