/**
 * Work of a bot, one after another: setup, messages, heartbeats and recovery never overlap, however long one waits for an
 * answer. Messages come from strangers, so what waits is bounded. Held until it is released.
 */
export class Queue {
  readonly #most: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #isHeld = true;
  #isBusy = false;
  #run: Promise<void> = Promise.resolve();

  /** @param most  So many may wait. */
  constructor(most: number) {
    this.#most = most;
  }

  /** False when too many wait already. `work` does not throw. */
  add(work: () => Promise<void>): boolean {
    if (this.#waiting.length >= this.#most) return false;
    this.#waiting.push(work);
    this.#go();
    return true;
  }

  /** What waits stays where it is; what runs has come to its end when it resolves. */
  hold(): Promise<void> {
    this.#isHeld = true;
    return this.#run;
  }

  release(): void {
    this.#isHeld = false;
    this.#go();
  }

  #go(): void {
    if (this.#isHeld || this.#isBusy) return;
    this.#isBusy = true;
    this.#run = this.#work();
  }

  async #work(): Promise<void> {
    for (let work = this.#waiting.shift(); work !== undefined; work = this.#isHeld ? undefined : this.#waiting.shift())
      await work();
    this.#isBusy = false;
  }
}
