/** Sets of cells that sessions look at. Sessions with the same cells share one set, and with it one message a tick. */
import type { ObjectId } from '../contract/link.ts';
import { type Changes, nowhere, type ZoneMirror } from './zone-mirror.ts';

/** Effects and jumps in one delta; more would be noise to whoever sees them. */
const mostShown = 64;

export class CellSet {
  readonly cells: readonly number[];
  readonly has: ReadonlySet<number>;
  /** Sessions that look at it. */
  users = 0;
  #changes: Changes | undefined;
  #body = '';
  #events = '';
  #counted: ZoneMirror | undefined;
  #countTick = -1;
  #count = 0;

  constructor(cells: readonly number[]) {
    this.cells = cells;
    this.has = new Set(cells);
  }

  /** `in`, `ch` and `out` of the frame for those who see exactly these cells; each begins with a comma. */
  bodyOf(mirror: ZoneMirror, changes: Changes): string {
    this.#join(mirror, changes);
    return this.#body;
  }

  /** Effects and jumps of the frame, joined. */
  eventsOf(mirror: ZoneMirror, changes: Changes): string {
    this.#join(mirror, changes);
    return this.#events;
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

  #join(mirror: ZoneMirror, changes: Changes): void {
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
    this.#events = shownEvents(mirror, changes, (_, now, before) => this.has.has(now) || this.has.has(before)).join(
      ',',
    );
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

/**
 * Effects and jumps as JSON, for whoever sees their object.
 * @param sees  Given the object's id, its cell now and its cell before the frame.
 */
export function shownEvents(
  mirror: ZoneMirror,
  changes: Changes,
  sees: (id: ObjectId, now: number, before: number) => boolean,
): string[] {
  const shown: string[] = [];
  for (const slot of changes.frame.jumps) {
    const object = mirror.bySlot(slot);
    if (object !== undefined && sees(object.id, object.cell, object.cell)) shown.push(`{"ev":"jump","s":${slot}}`);
  }
  for (const event of changes.frame.events) {
    if (event.type !== 'effect' || shown.length >= mostShown) continue;
    const { now, before } = cellsOf(mirror, changes, event.id);
    if (sees(event.id, now, before))
      shown.push(JSON.stringify({ ev: 'effect', i: event.id, name: event.name, data: event.data }));
  }
  return shown;
}

/** Where an object is and was, also when the frame removed it. */
function cellsOf(mirror: ZoneMirror, changes: Changes, id: ObjectId): { now: number; before: number } {
  const object = mirror.objects.get(id);
  if (object !== undefined) return { now: object.cell, before: changes.crossings.get(object)?.from ?? object.cell };
  for (const crossing of changes.crossings.values()) {
    if (crossing.object.id === id) return { now: nowhere, before: crossing.from };
  }
  return { now: nowhere, before: nowhere };
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
