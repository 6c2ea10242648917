/** Sets of cells that sessions look at. Sessions with the same cells share one set, and with it one message a tick. */
import type { ObjectId } from '../contract/link.ts';
import { type Form, type Fragment, joinFragments, type Texts } from './fragments.ts';
import type { FrameText } from './frame-text.ts';
import { type Changes, nowhere, type ZoneMirror } from './zone-mirror.ts';

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
  readonly cells: readonly number[];
  readonly has: ReadonlySet<number>;
  /** Sessions that look at it. */
  users = 0;
  #changes: Changes | undefined;
  readonly #sights = new Map<Form, Sight>();
  #counted: ZoneMirror | undefined;
  #countTick = -1;
  #count = 0;

  constructor(cells: readonly number[]) {
    this.cells = cells;
    this.has = new Set(cells);
  }

  /** The frame for those who see exactly these cells and read that form; made once, whoever asks. */
  sightOf(mirror: ZoneMirror, changes: Changes, text: FrameText, form: Form): Sight {
    if (this.#changes !== changes) {
      this.#changes = changes;
      this.#sights.clear();
    }
    const known = this.#sights.get(form);
    if (known !== undefined) return known;
    const sight = this.#join(mirror, changes, text, form);
    this.#sights.set(form, sight);
    return sight;
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

  #join(mirror: ZoneMirror, changes: Changes, text: FrameText, form: Form): Sight {
    const entered: string[] = [];
    const parts: Texts[] = [];
    const crossed: Fragment[] = [];
    const left: number[] = [];
    for (const cell of this.cells) {
      const texts = changes.inCell(cell, form);
      if (texts !== undefined) parts.push(texts);
    }
    for (const { object, from, to, replaced } of changes.crossings.values()) {
      const knew = this.has.has(from);
      if (!this.has.has(to)) {
        if (knew) left.push(object.slot);
      } else if (replaced || !knew) {
        entered.push(mirror.wholeOf(object));
      } else if (changes.changed.has(object) && !object.fragment.isEmpty()) {
        crossed.push(object.fragment);
      }
    }
    if (crossed.length > 0) parts.push(joinFragments(crossed, form));
    const sees: Sees = (_, now, before) => this.has.has(now) || this.has.has(before);
    return {
      body: toBody(entered, parts, left),
      jumps: seenJumps(mirror, changes, sees),
      effects: seenEffects(mirror, changes, text, sees),
    };
  }
}

export function toBody(entered: readonly string[], parts: readonly Texts[], left: readonly number[]): string {
  let mv = '';
  let ch = '';
  for (const texts of parts) {
    mv += texts.mv;
    if (texts.ch !== '') ch += ch === '' ? texts.ch : `,${texts.ch}`;
  }
  let body = entered.length > 0 ? `,"in":[${entered.join(',')}]` : '';
  if (mv !== '') body += `,"mv":"${mv}"`;
  if (ch !== '') body += `,"ch":[${ch}]`;
  if (left.length > 0) body += `,"out":[${left.join(',')}]`;
  return body;
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
  return { all, text: all.map(({ text }) => text).join(',') };
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
