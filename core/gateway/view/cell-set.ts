/** Sets of cells that sessions look at. Sessions with the same cells share one set, and with it one message a tick. */
import type { ObjectId } from '../../contract/link.ts';
import type { Cell } from './cell.ts';
import { DeltaBody, type Form } from './fragments.ts';
import type { FrameText } from './frame-text.ts';
import { nowhere } from './tracked.ts';
import type { Changes, ZoneMirror } from './zone-mirror.ts';

/** Something to show at a place (framed units). */
export type Shown = { readonly text: string; readonly x: number; readonly y: number };
/** Them, and their texts joined with commas. */
export type Effects = { readonly all: readonly Shown[]; readonly text: string };

/** What a frame is to those who see the same. */
export type Sight = {
  /** `in`, `mv`, `ch` and `out`; each begins with a comma. */
  readonly body: string;
  /** Joined with commas. */
  readonly jumps: string;
  readonly effects: Effects;
};

export class CellSet {
  /** In rising order. */
  readonly numbers: readonly number[];
  /** Sessions that look at it. */
  users = 0;
  #mirror: ZoneMirror | undefined;
  #cells: readonly Cell[] = [];
  #frame: Changes | undefined;
  #plain: Sight | undefined;
  #packed: Sight | undefined;

  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
  }

  has(number: number): boolean {
    const { numbers } = this;
    let low = 0;
    let high = numbers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((numbers[middle] as number) < number) low = middle + 1;
      else high = middle;
    }
    return numbers[low] === number;
  }

  cells(mirror: ZoneMirror): readonly Cell[] {
    if (this.#mirror !== mirror) {
      this.#mirror = mirror;
      this.#cells = this.numbers.map((number) => mirror.takeCell(number));
    }
    return this.#cells;
  }

  /** Nobody looks at it any more. */
  close(): void {
    for (const cell of this.#cells) this.#mirror?.giveBack(cell);
    this.#cells = [];
    this.#mirror = undefined;
  }

  /** The frame for those who see exactly these cells and read that form; made once, whoever asks. */
  sightOf(mirror: ZoneMirror, changes: Changes, text: FrameText, form: Form): Sight {
    if (this.#frame !== changes) {
      this.#frame = changes;
      this.#plain = undefined;
      this.#packed = undefined;
    }
    if (form === 'packed') {
      this.#packed ??= this.join(mirror, changes, text, form, this);
      return this.#packed;
    }
    this.#plain ??= this.join(mirror, changes, text, form, this);
    return this.#plain;
  }

  /** Objects in the cells now. */
  countIn(mirror: ZoneMirror): number {
    let count = 0;
    for (const { objects } of this.cells(mirror)) count += objects.size;
    return count;
  }

  /** The frame for who sees exactly these cells now and saw those of `former` before it. */
  join(mirror: ZoneMirror, changes: Changes, text: FrameText, form: Form, former: CellSet): Sight {
    const frame = changes.number;
    const body = new DeltaBody(form);
    for (const cell of this.cells(mirror)) {
      const isKnown = former === this || former.has(cell.number);
      if (!isKnown) {
        for (const object of cell.objects) if (!changes.crossings.has(object)) body.enter(mirror.wholeOf(object));
      }
      if (!cell.isOf(frame)) continue;
      if (isKnown) body.add(cell.textsOf(form));
      for (const { object, from, replaced } of cell.arrived) {
        if (replaced || !former.has(from)) body.enter(mirror.wholeOf(object));
        else if (changes.changed.has(object)) body.change(object.fragment);
      }
      if (former === this) this.#depart(cell, body);
    }
    if (former !== this) {
      for (const cell of former.cells(mirror)) {
        if (cell.isOf(frame)) this.#depart(cell, body);
        if (this.has(cell.number)) continue;
        for (const object of cell.objects) if (!changes.crossings.has(object)) body.leave(object.slot);
        // Put in anew where it was.
        if (cell.isOf(frame)) for (const { object, from, to } of cell.arrived) if (from === to) body.leave(object.slot);
      }
    }
    const sees: Sees = (_, now, before) => this.has(now) || former.has(before);
    return {
      body: body.toText(),
      jumps: seenJumps(mirror, changes, sees),
      effects: seenEffects(mirror, changes, text, sees),
    };
  }

  /** What left a cell for one that is not seen. */
  #depart(cell: Cell, body: DeltaBody): void {
    for (const { object, to } of cell.departed) if (!this.has(to)) body.leave(object.slot);
  }
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
export function seenEffects(mirror: ZoneMirror, changes: Changes, { effects }: FrameText, sees: Sees): Effects {
  if (effects.length === 0) return nothing.effects;
  const all: Shown[] = [];
  for (const { id, text } of effects) {
    const { now, before, x, y } = placeOf(mirror, changes, id);
    if (sees(id, now, before)) all.push({ text, x, y });
  }
  let joined: string | undefined;
  return {
    all,
    // Not wanted where there are more of them than anybody is told.
    get text() {
      joined ??= all.map(({ text }) => text).join(',');
      return joined;
    },
  };
}

const nothing: Sight = { body: '', jumps: '', effects: { all: [], text: '' } };

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
  /** By a hash of their cells. */
  readonly #sets = new Map<number, CellSet[]>();

  /** The set of these cells, which are in rising order. Give it back with `release`. */
  take(numbers: readonly number[]): CellSet {
    const hash = hashOf(numbers);
    const alike = this.#sets.get(hash) ?? [];
    let set = alike.find((known) => isSame(known.numbers, numbers));
    if (set === undefined) {
      set = new CellSet(numbers);
      alike.push(set);
      this.#sets.set(hash, alike);
    }
    set.users += 1;
    return set;
  }

  release(set: CellSet): void {
    set.users -= 1;
    if (set.users > 0) return;
    set.close();
    const hash = hashOf(set.numbers);
    const others = this.#sets.get(hash)?.filter((known) => known !== set) ?? [];
    if (others.length === 0) this.#sets.delete(hash);
    else this.#sets.set(hash, others);
  }
}

function hashOf(numbers: readonly number[]): number {
  let hash = 0;
  for (const number of numbers) hash = (Math.imul(hash, 31) + number) | 0;
  return hash;
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((number, at) => number === other[at]);
}
