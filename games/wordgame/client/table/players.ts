/** Who plays: names, points, whose turn it is, and how long. */
import { make, part } from '/farmyard/hud/page.ts';
import { pop } from '../parts/motion.ts';
import type { Open } from '../wire/wire.ts';

type Card = {
  readonly element: HTMLElement;
  readonly name: HTMLElement;
  readonly score: HTMLElement;
  readonly word: HTMLElement;
  readonly pips: HTMLElement;
};

export class Players {
  readonly #cards = (['me', 'they'] as const).map((side) => cardOf(part(`player-${side}`)));

  /** @param seat  Of who looks, -1 for who watches. */
  show(open: Open, seat: number): void {
    const mine = Math.max(0, seat);
    [mine, 1 - mine].forEach((at, i) => {
      const card = this.#cards[i] as Card;
      const place = open.seats[at];
      const isNext = open.phase === 'playing' && open.next === at;
      card.element.classList.toggle('next', isNext);
      if (!isNext) card.element.classList.remove('hurry');
      card.element.classList.toggle('away', place?.away === true && !place.left);
      card.name.textContent = at === seat ? 'You' : (place?.name ?? '…');
      card.name.title = place?.name ?? '';
      const score = String(place?.score ?? 0);
      if (card.score.textContent !== score) {
        card.score.textContent = score;
        pop(card.score);
      }
      // Of whose turn it is the seconds stand there.
      const words = wordsFor(open, at, seat);
      if (!isNext || words !== '') card.word.textContent = words;
      this.#pips(card.pips, open, at);
    });
  }

  /** @param left  Seconds of this turn. */
  tick(open: Open, seat: number, left: number): void {
    const mine = Math.max(0, seat);
    const card = this.#cards[open.next === mine ? 0 : 1] as Card;
    const share = Math.max(0, Math.min(1, left / Math.max(1, open.clock)));
    card.element.style.setProperty('--left', String(share));
    card.element.classList.toggle('hurry', left <= 10);
    const place = open.seats[open.next];
    if (!place?.away && !place?.bot) card.word.textContent = `${Math.max(0, Math.ceil(left))} s`;
  }

  /** A dot for each turn that this seat has left. */
  #pips(element: HTMLElement, { phase, turns, turn, next }: Open, at: number): void {
    const all = (turns - turn) / 2;
    const left = phase !== 'playing' ? 0 : next === at ? Math.ceil(all) : Math.floor(all);
    if (element.childElementCount === left && element.dataset.left === String(left)) return;
    element.dataset.left = String(left);
    element.replaceChildren(...Array.from({ length: left }, () => make('i')));
    element.title = `${left} turns left`;
  }
}

function cardOf(element: HTMLElement): Card {
  const [name, score, word, pips] = ['name', 'score', 'word', 'pips'].map((one) => element.querySelector(`.${one}`));
  return { element, name, score, word, pips } as Card;
}

function wordsFor({ phase, seats, next, note, result }: Open, at: number, mine: number): string {
  const place = seats[at];
  if (!place) return 'is to come';
  if (place.left) return 'has left';
  if (place.away) return 'is away';
  if (phase === 'over') return place.again && at !== mine ? 'once more?' : result?.winner === at ? 'won' : '';
  if (phase === 'waiting') return at === mine ? '' : 'is here';
  if (next === at) return place.bot ? 'thinks' : '';
  if (note?.seat !== at) return '';
  if (note.what === 'miss') return 'ran out of time';
  return note.what === 'pass' ? 'passed' : `changed ${note.count} ${note.count === 1 ? 'letter' : 'letters'}`;
}
