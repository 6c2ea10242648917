/** The last word of the thread; its letters choose how much of its end is the beginning of the next. */
import { button } from '/farmyard/hud/page.ts';

export class Pegs {
  readonly #element: HTMLElement;
  readonly #tie: (knot: number) => void;
  #word = '';

  constructor(element: HTMLElement, tie: (knot: number) => void) {
    this.#element = element;
    this.#tie = tie;
  }

  show(word: string, knot: number): void {
    if (word !== this.#word) {
      this.#word = word;
      this.#element.replaceChildren(...[...word].map((letter, i) => this.#pegOf(letter, word.length - i)));
      // The whole word cannot be tied.
      this.#element.firstElementChild?.setAttribute('disabled', '');
    }
    [...this.#element.children].forEach((peg, i) => {
      peg.classList.toggle('tied', word.length - i <= knot);
      peg.setAttribute('aria-pressed', String(word.length - i === knot));
    });
  }

  #pegOf(letter: string, knot: number): HTMLButtonElement {
    const peg = button('peg', letter, () => this.#tie(knot));
    peg.setAttribute('aria-label', `Tie with ${spell(this.#word.slice(-knot))}: times ${knot}`);
    return peg;
  }
}

/** Letters one by one, so that they are read out so. */
export function spell(letters: string): string {
  return [...letters.toUpperCase()].join(' ');
}
