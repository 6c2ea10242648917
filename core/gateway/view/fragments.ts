/** Changes of objects as texts of a delta: entries of `ch`, and for clients that asked for it packed moves. */
import type { PublicChange } from '../../contract/link.ts';
import type { WireFields } from '../../contract/protocol.ts';
import { packMove } from '../../sync/packed.ts';

/** How a client reads moves: all in `ch`, or the small ones in `mv`. */
export type Form = 'plain' | 'packed';

export type Texts = {
  /** Packed moves. */
  readonly mv: string;
  /** Entries of `ch`, joined with commas. */
  readonly ch: string;
};

/** How an object changed in one frame. */
export class Fragment {
  dx = 0;
  dy = 0;
  da = 0;
  fields: WireFields | undefined;
  readonly #slot: number;
  readonly #packedSlot: string | undefined;
  #entry: string | undefined;
  #packed: string | undefined;

  /** @param packedSlot  Undefined when it has no packed form. */
  constructor(slot: number, packedSlot: string | undefined) {
    this.#slot = slot;
    this.#packedSlot = packedSlot;
  }

  /** Begins another frame. */
  clear(): void {
    this.dx = 0;
    this.dy = 0;
    this.da = 0;
    this.fields = undefined;
    this.#entry = undefined;
    this.#packed = undefined;
  }

  isEmpty(): boolean {
    return this.dx === 0 && this.dy === 0 && this.da === 0 && this.fields === undefined;
  }

  /** The packed move; undefined when it can only be an entry. */
  packed(): string | undefined {
    if (this.fields !== undefined || this.#packedSlot === undefined) return undefined;
    if (this.#packed === undefined) {
      const move = packMove(this.dx, this.dy, this.da);
      if (move === undefined) return undefined;
      this.#packed = this.#packedSlot + move;
    }
    return this.#packed;
  }

  /** The entry of `ch`. */
  entry(): string {
    this.#entry ??= this.#toEntry();
    return this.#entry;
  }

  #toEntry(): string {
    const { dx, dy, da, fields } = this;
    if (fields !== undefined) return `[${this.#slot},${dx},${dy},${da},${JSON.stringify(fields)}]`;
    return da === 0 ? `[${this.#slot},${dx},${dy}]` : `[${this.#slot},${dx},${dy},${da}]`;
  }
}

/** `in`, `mv`, `ch` and `out` of a delta, put together. */
export class DeltaBody {
  readonly #form: Form;
  #in = '';
  #mv = '';
  #ch = '';
  #out = '';

  constructor(form: Form) {
    this.#form = form;
  }

  /** A whole object, as JSON. */
  enter(whole: string): void {
    this.#in = joined(this.#in, whole);
  }

  /** One that is known; nothing when nothing of it changed. */
  change(fragment: Fragment): void {
    if (fragment.isEmpty()) return;
    const packed = this.#form === 'packed' ? fragment.packed() : undefined;
    if (packed !== undefined) this.#mv += packed;
    else this.#ch = joined(this.#ch, fragment.entry());
  }

  leave(slot: number): void {
    this.#out = joined(this.#out, String(slot));
  }

  /** Changes that were joined before, in the same form. */
  add({ mv, ch }: Texts): void {
    this.#mv += mv;
    if (ch !== '') this.#ch = joined(this.#ch, ch);
  }

  changes(): Texts {
    return { mv: this.#mv, ch: this.#ch };
  }

  /** Each part begins with a comma. */
  toText(): string {
    let text = this.#in === '' ? '' : `,"in":[${this.#in}]`;
    if (this.#mv !== '') text += `,"mv":"${this.#mv}"`;
    if (this.#ch !== '') text += `,"ch":[${this.#ch}]`;
    if (this.#out !== '') text += `,"out":[${this.#out}]`;
    return text;
  }
}

function joined(list: string, entry: string): string {
  return list === '' ? entry : `${list},${entry}`;
}

/** Two changes of one object in one frame. */
export function joinFields(first: WireFields | undefined, second: WireFields): WireFields {
  if (first?.st === undefined || second.st === undefined) return { ...first, ...second };
  return { ...first, ...second, st: { ...first.st, ...second.st } };
}

/** Changed fields of a frame in the letters of the wire. */
export function toFields(change: PublicChange): WireFields {
  return {
    ...(change.name === undefined ? {} : { n: change.name }),
    ...(change.look === undefined ? {} : { l: change.look }),
    ...(change.body === undefined ? {} : { b: change.body }),
    ...(change.holder === undefined ? {} : { h: change.holder }),
    ...(change.scale === undefined ? {} : { z: change.scale }),
    ...(change.speed === undefined ? {} : { v: change.speed }),
    ...(change.owner === undefined ? {} : { o: change.owner }),
    ...(change.words === undefined ? {} : { w: change.words }),
    ...(change.physical === undefined ? {} : { p: change.physical ? (1 as const) : (0 as const) }),
    ...(change.state === undefined ? {} : { st: change.state }),
  };
}
