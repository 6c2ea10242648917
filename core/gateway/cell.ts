/** One cell of a zone's grid: what is in it, and what the last frame changed there, joined for all who see it. */
import { type Form, type Fragment, joinFragments, type Texts } from './fragments.ts';
import { type Crossing, sumOf, type Tracked } from './zone-mirror.ts';

export class Cell {
  readonly number: number;
  readonly objects = new Set<Tracked>();
  /** Sets of cells that it belongs to: one that nobody sees and nothing is in is forgotten. */
  users = 0;
  #sum: number | undefined;
  /** The frame that the following are of. */
  #frame = -1;
  #fragments: Fragment[] = [];
  #arrived: Crossing[] = [];
  #departed: Crossing[] = [];
  #plain: Texts | undefined;
  #packed: Texts | undefined;

  constructor(number: number) {
    this.number = number;
  }

  add(object: Tracked): void {
    this.objects.add(object);
    this.#sum = undefined;
  }

  remove(object: Tracked): void {
    this.objects.delete(object);
    this.#sum = undefined;
  }

  /** An object that was here and stays moved or changed in that frame. */
  changed(frame: number, fragment: Fragment): void {
    this.#begin(frame);
    this.#fragments.push(fragment);
  }

  /** An object came in that frame, or left. */
  crossed(frame: number, crossing: Crossing): void {
    this.#begin(frame);
    if (crossing.to === this.number) this.#arrived.push(crossing);
    else this.#departed.push(crossing);
  }

  arrivals(frame: number): readonly Crossing[] {
    return this.#frame === frame ? this.#arrived : none;
  }

  departures(frame: number): readonly Crossing[] {
    return this.#frame === frame ? this.#departed : none;
  }

  /** A place in it is another one. */
  moved(): void {
    this.#sum = undefined;
  }

  /** What changed in that frame, joined when the first session asks; undefined when nothing did. */
  textsOf(frame: number, form: Form): Texts | undefined {
    if (this.#frame !== frame || this.#fragments.length === 0) return undefined;
    if (form === 'packed') {
      this.#packed ??= joinFragments(this.#fragments, form);
      return this.#packed;
    }
    this.#plain ??= joinFragments(this.#fragments, form);
    return this.#plain;
  }

  /** Checksum of its objects. */
  sum(): number {
    this.#sum ??= sumOf(this.objects);
    return this.#sum;
  }

  #begin(frame: number): void {
    if (this.#frame === frame) return;
    this.#frame = frame;
    if (this.#fragments.length > 0) this.#fragments = [];
    if (this.#arrived.length > 0) this.#arrived = [];
    if (this.#departed.length > 0) this.#departed = [];
    this.#plain = undefined;
    this.#packed = undefined;
  }
}

const none: readonly Crossing[] = [];
