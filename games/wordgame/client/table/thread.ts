/** The thread of words, the newest below; a line goes from the end of each word to the beginning of the next. */
import { make } from '/farmyard/hud/page.ts';
import { pop } from '../parts/motion.ts';
import type { Open } from '../wire/wire.ts';

type Link = Open['thread'][number];

export class Thread {
  /** What scrolls; `links` is the list in it, `strand` the drawing behind. */
  readonly #box: HTMLElement;
  readonly #links: HTMLElement;
  readonly #strand: SVGSVGElement;
  #match = -1;
  #seat = -1;
  #shown = 0;

  constructor(box: HTMLElement) {
    this.#box = box;
    this.#links = box.querySelector('ol') as HTMLElement;
    this.#strand = box.querySelector('svg') as SVGSVGElement;
    // It scrolls, also by keys.
    box.tabIndex = 0;
    new ResizeObserver(() => {
      this.#sew(this.#shown);
      box.scrollTop = box.scrollHeight;
    }).observe(box);
  }

  clear(): void {
    this.#match = -1;
    this.#shown = 0;
    this.#links.replaceChildren();
    this.#strand.replaceChildren();
  }

  /** @param seat  Of who looks; -1 for who only watches. */
  show({ match, thread, seats }: Open, seat: number): void {
    // Whose words are on which side changes with who looks.
    if (match !== this.#match || seat !== this.#seat || thread.length < this.#shown) this.clear();
    const former = this.#shown;
    if (former === thread.length) return;
    this.#match = match;
    this.#seat = seat;
    this.#shown = thread.length;
    const rows = thread.slice(former).map((link) => rowOf(link, seat, seats[link.seat]?.name ?? 'The table'));
    this.#links.append(...rows);
    this.#sew(former === 0 ? thread.length : former);
    if (former > 0) for (const row of rows) pop(row);
    this.#box.scrollTop = this.#box.scrollHeight;
  }

  /** @param known  Words that were there before: the stitches of the others are made as one looks on. */
  #sew(known: number): void {
    const rows = [...this.#links.children] as HTMLElement[];
    const { offsetLeft: left, offsetTop: top } = this.#links;
    /** Middle of some letters of a word, at their upper or lower edge; wherever the word just moves. */
    const at = (row: HTMLElement, letters: readonly HTMLElement[], isBelow: boolean) => {
      const [first, last] = [letters[0], letters.at(-1)];
      if (first === undefined || last === undefined) return undefined;
      const middle = (first.offsetLeft + last.offsetLeft + last.offsetWidth) / 2;
      const edge = first.offsetTop + (isBelow ? first.offsetHeight : 0);
      return { x: left + row.offsetLeft + middle, y: top + row.offsetTop + edge };
    };
    const lettersOf = (row: HTMLElement) => [...row.querySelectorAll<HTMLElement>('.word i')];
    const paths = rows.flatMap((row, i) => {
      const knot = Number(row.dataset.knot);
      const former = rows[i - 1];
      if (knot === 0 || former === undefined) return [];
      const from = at(former, lettersOf(former).slice(-knot), true);
      const to = at(row, lettersOf(row).slice(0, knot), false);
      if (from === undefined || to === undefined) return [];
      const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      const middle = (from.y + to.y) / 2;
      path.setAttribute('d', `M${from.x} ${from.y}C${from.x} ${middle + 8} ${to.x} ${middle - 8} ${to.x} ${to.y}`);
      path.setAttribute('pathLength', '1');
      path.setAttribute('class', `${row.classList.contains('they') ? 'they' : ''}${i >= known ? ' new' : ''}`);
      return [path];
    });
    this.#strand.style.height = `${this.#links.offsetTop + this.#links.offsetHeight}px`;
    this.#strand.replaceChildren(...paths);
  }
}

function rowOf({ word, knot, score, seat }: Link, mine: number, name: string): HTMLElement {
  const row = make('li', `link ${sideOf(seat, mine)}`);
  row.dataset.knot = String(knot);
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
function sideOf(seat: number, mine: number): 'me' | 'they' | 'nobody' {
  if (seat === -1) return 'nobody';
  return seat === Math.max(0, mine) ? 'me' : 'they';
}
