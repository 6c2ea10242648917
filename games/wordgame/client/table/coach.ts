/** A line that says what to do now: much to who plays for the first time, little to who knows it. */
import { recall, remember } from '../parts/kept.ts';
import type { Open } from '../wire/wire.ts';

/** Words after which one knows how it goes. */
const learned = 3;

/** One's own words so far, in all matches up to those that teach. */
const laidSoFar = () => Number(recall('words')) || 0;

export function countWord(): void {
  if (laidSoFar() < learned) remember('words', String(laidSoFar() + 1));
}

/** Whether somebody has still to see how words are tied. */
export function isNewcomer(): boolean {
  return laidSoFar() === 0;
}

/** @param seat  Of who looks. @param isLaid  Whether a letter is laid already. */
export function advise({ phase, next, seats, thread }: Open, seat: number, knot: number, isLaid: boolean): string {
  if (phase !== 'playing') return '';
  const [last, so] = [thread.at(-1)?.word.toUpperCase() ?? '', laidSoFar()];
  if (next !== seat) {
    const other = seats[next];
    if (other?.bot) return `${other.name} thinks…`;
    if (other?.away) return `${other.name} is away. The clock runs.`;
    return `${other?.name}’s turn.${so < learned ? ' You may lay letters already.' : ''}`;
  }
  if (isLaid) return so === 0 ? 'Is it a word? Press Play.' : '';
  const begin = last.slice(-knot);
  if (knot > 1) return `Begin with ${begin}: it counts ×${knot}.`;
  const longer = last.slice(-2);
  if (so === 0) return `Make a word that begins with ${begin}: tap letters.`;
  return so < learned ? `Or tap ${longer[0]} above, and begin with ${longer}: ×2.` : `Begin with ${begin}.`;
}
