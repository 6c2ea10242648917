/** Texts on their way from one player to another, held against what arrives: each once, in order, unchanged. */

/** What became of the texts of all threads. */
export type TextCounts = {
  sent: number;
  received: number;
  /** Were sent, and never came. */
  lost: number;
  /** Came again. */
  repeated: number;
  /** Came after one that was sent later. */
  reordered: number;
  /** Came as something that nobody has sent. */
  changed: number;
  /** Were under way when the two were parted; an error says why. */
  cutOff: number;
};

/** Texts that have arrived and are remembered, so that one that comes again is known for what it is. */
const remembered = 16;

export class Thread {
  readonly #counts: TextCounts;
  /** By number; those that arrived a while ago are undefined. */
  readonly #texts: (string | undefined)[] = [];
  /** Numbers that were passed over. */
  readonly #missing = new Set<number>();
  /** The number that is due. */
  #next = 0;
  #isOver = false;

  /** @param counts  Where it counts, together with others. */
  constructor(counts: TextCounts) {
    this.#counts = counts;
  }

  /** Before it is sent: the answer may be later than the text's arrival. */
  sent(text: string): void {
    if (this.#isOver) return;
    this.#texts.push(text);
    this.#counts.sent += 1;
  }

  /** The last one was refused: it was not sent after all. */
  takeBack(): void {
    if (this.#isOver || this.#next >= this.#texts.length) return;
    this.#texts.pop();
    this.#counts.sent -= 1;
  }

  /** One text arrived. */
  heard(text: string): void {
    if (this.#isOver) return;
    const number = this.#find((sent) => sent === text);
    if (number === undefined) this.#counts.changed += 1;
    else this.#arrived(number);
  }

  /**
   * Several arrived as one, with a separator between each two; texts may hold the separator themselves, so they are
   * found by what was sent.
   */
  heardJoined(block: string, separator: string): void {
    if (this.#isOver) return;
    let rest = block;
    for (let isMore = true; isMore; ) {
      const number = this.#find((sent) => rest === sent || rest.startsWith(sent + separator));
      if (number === undefined) {
        this.#counts.changed += 1;
        const later = this.#startOfNext(rest, separator);
        if (later === undefined) return;
        rest = rest.slice(later);
        continue;
      }
      const { length } = this.#texts[number] as string;
      isMore = rest.length > length;
      rest = rest.slice(length + separator.length);
      this.#arrived(number);
    }
  }

  /** Texts that may still come: sent after the last one that came. */
  get waiting(): number {
    return this.#texts.length - this.#next;
  }

  /** The two are parted: what is under way is not lost, but cut off. */
  cut(): void {
    this.#end('cutOff');
  }

  /** Nothing more can come: what has not is lost. */
  close(): void {
    this.#end('lost');
  }

  #end(as: 'cutOff' | 'lost'): void {
    if (this.#isOver) return;
    this.#counts[as] += this.waiting;
    this.#counts.lost += this.#missing.size;
    this.#isOver = true;
    this.#texts.length = 0;
    this.#missing.clear();
    this.#next = 0;
  }

  #arrived(number: number): void {
    if (number >= this.#next) {
      for (let passed = this.#next; passed < number; passed++) this.#missing.add(passed);
      this.#next = number + 1;
      this.#counts.received += 1;
    } else if (this.#missing.delete(number)) {
      this.#counts.received += 1;
      this.#counts.reordered += 1;
    } else this.#counts.repeated += 1;
    const old = number - remembered;
    if (old >= 0 && !this.#missing.has(old)) this.#texts[old] = undefined;
  }

  /** What is due comes first, then what was passed over, then what follows, then what has come already. */
  #find(fits: (text: string) => boolean): number | undefined {
    const fitsAt = (number: number) => {
      const text = this.#texts[number];
      return text !== undefined && fits(text);
    };
    for (const number of this.#missing) if (fitsAt(number)) return number;
    for (let number = this.#next; number < this.#texts.length; number++) if (fitsAt(number)) return number;
    for (let number = this.#next - 1; number >= Math.max(0, this.#next - remembered); number--)
      if (fitsAt(number)) return number;
    return undefined;
  }

  /** Where behind something unknown a known text begins. */
  #startOfNext(block: string, separator: string): number | undefined {
    for (let at = block.indexOf(separator); at !== -1; at = block.indexOf(separator, at + 1)) {
      const rest = block.slice(at + separator.length);
      if (this.#find((sent) => rest === sent || rest.startsWith(sent + separator)) !== undefined)
        return at + separator.length;
    }
    return undefined;
  }
}
