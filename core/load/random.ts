/** Chance that can be had again: the same seed gives the same names, texts and choices. */

/** What texts are made of: separators of every door, quotes, line ends, and letters of one to four bytes. */
const letters = [
  ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  ...' ,,,|||///***\n\n\t"\'\\<>&%+=#{}[]~;:?!',
  ...'äßéøñЖ日本語🐔🥚',
];
const nameLetters = 'abcdefghijklmnopqrstuvwxyz';

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed | 0, 0x9e3779b1) ^ 0x85ebca6b;
  }

  /** 0 to 1, never 1. @source mulberry32 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** 0 to `count` − 1. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  /** Any text of so many letters: with separators, line ends and letters of other scripts. */
  text(length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += this.pick(letters);
    return text;
  }

  /** The same in one line, without blanks around it: nothing that a server has to clean. */
  line(length: number): string {
    return `${this.text(Math.max(0, length - 1))
      .replace(/\s+/g, ' ')
      .trimStart()}.`;
  }

  /** A length from `least` to `most`: each power of two as likely as the next, so that most texts are short. */
  length(least: number, most: number): number {
    return Math.round(2 ** this.between(Math.log2(least), Math.log2(most)));
  }

  /** A name of so many small letters. */
  name(length: number): string {
    let name = '';
    for (let i = 0; i < length; i++) name += nameLetters[this.below(nameLetters.length)];
    return name;
  }
}
