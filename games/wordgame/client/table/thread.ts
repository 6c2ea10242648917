/** The thread of words, the newest below. */
import { make } from '/farmyard/hud/page.ts';
import { pop } from '../parts/motion.ts';
import type { Open } from '../wire/wire.ts';

type Link = Open['thread'][number];

export class Thread {
  readonly #element: HTMLElement;
  #match = -1;
  #seat = -1;
  #shown = 0;

  constructor(element: HTMLElement) {
    this.#element = element;
    // It scrolls, also by keys.
    element.tabIndex = 0;
  }

  clear(): void {
    this.#match = -1;
    this.#shown = 0;
    this.#element.replaceChildren();
  }

  /** @param seat  Of who looks; -1 for who only watches. */
  show({ match, thread, seats }: Open, seat: number): void {
    // Whose words are on which side changes with who looks.
    if (match !== this.#match || seat !== this.#seat || thread.length < this.#shown) this.clear();
    const isFirst = this.#shown === 0;
    this.#match = match;
    this.#seat = seat;
    for (const link of thread.slice(this.#shown)) {
      const row = rowOf(link, seat, seats[link.seat]?.name ?? 'The table');
      this.#element.append(row);
      if (!isFirst) pop(row);
    }
    if (this.#shown === thread.length) return;
    this.#shown = thread.length;
    this.#element.scrollTop = this.#element.scrollHeight;
  }
}

function rowOf({ word, knot, score, seat }: Link, mine: number, name: string): HTMLElement {
  const row = make('li', `link ${sideOf(seat, mine)}`);
  const tied = knot > 0 ? `, ${score} points, tied by ${knot === 1 ? 'one letter' : `${knot} letters`}` : '';
  row.append(make('span', 'hint', `${seat === mine ? 'You' : name}: ${word}${tied}`));
  const shown = make('span', 'word');
  shown.setAttribute('aria-hidden', 'true');
  [...word].forEach((letter, i) => {
    shown.append(make('i', i < knot ? 'tied' : '', letter));
  });
  row.append(shown);
  if (knot > 0) {
    const points = make('span', 'points', `+${score}`);
    points.setAttribute('aria-hidden', 'true');
    if (knot > 1) points.append(make('b', '', `×${knot}`));
    row.append(points);
  }
  return row;
}

/** Whose it is. Who only watches sees the first seat on the right. */
export function sideOf(seat: number, mine: number): 'me' | 'they' | 'nobody' {
  if (seat === -1) return 'nobody';
  return seat === Math.max(0, mine) ? 'me' : 'they';
}
