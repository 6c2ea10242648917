/** One cell of a zone's grid: what is in it, and what the last frame changed there, joined for all who see it. */
import { DeltaBody, type Form, type Fragment, type Texts } from './fragments.ts';
import { type Crossing, sumOf, type Tracked } from './tracked.ts';

export class Cell {
  readonly number: number;
  readonly objects = new Set<Tracked>();
  /** Sets of cells that it belongs to: one that nobody sees and nothing is in is forgotten. */
  users = 0;
  #sum: number | undefined;
  /** The last frame that changed something here: what follows is of that. */
  #frame = -1;
  /** Objects that came in it, and those that went elsewhere. */
  arrived: Crossing[] = [];
  departed: Crossing[] = [];
  #fragments: Fragment[] = [];
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
    if (crossing.to === this.number) this.arrived.push(crossing);
    else this.departed.push(crossing);
  }

  /** Whether that frame changed something here. */
  isOf(frame: number): boolean {
    return this.#frame === frame;
  }

  /** A place in it is another one. */
  moved(): void {
    this.#sum = undefined;
  }

  /** What changed in that frame, joined when the first session asks. */
  textsOf(form: Form): Texts {
    if (form === 'packed') {
      this.#packed ??= this.#join(form);
      return this.#packed;
    }
    this.#plain ??= this.#join(form);
    return this.#plain;
  }

  /** Checksum of its objects. */
  sum(): number {
    this.#sum ??= sumOf(this.objects);
    return this.#sum;
  }

  #join(form: Form): Texts {
    const body = new DeltaBody(form);
    for (const fragment of this.#fragments) body.change(fragment);
    return body.changes();
  }

  #begin(frame: number): void {
    if (this.#frame === frame) return;
    this.#frame = frame;
    if (this.#fragments.length > 0) this.#fragments = [];
    if (this.arrived.length > 0) this.arrived = [];
    if (this.departed.length > 0) this.departed = [];
    this.#plain = undefined;
    this.#packed = undefined;
  }
}
