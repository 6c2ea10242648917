/** The end of a match. */
import { announce, part } from '/farmyard/hud/page.ts';
import type { Open } from '../wire/wire.ts';

/** Shows how it ended, or nothing while it goes on. @param seat  Of who looks, -1 for who watches. */
export function tellOver(open: Open, seat: number): void {
  const box = part('over');
  const { phase, result, seats } = open;
  const isOver = phase === 'over' && result !== null;
  const before = box.hidden;
  box.hidden = !isOver;
  if (!isOver) return;
  const title = titleOf(open, seat);
  part('over-title').textContent = title;
  part('over-text').textContent = [whyOf(open, seat), bestOf(open, seat)].filter((text) => text !== '').join(' ');
  const again = part<HTMLButtonElement>('again');
  const [me, other] = [seats[seat], seats[1 - seat]];
  again.hidden = seat === -1 || other?.left !== false;
  again.textContent = me?.again
    ? `Waiting for ${other?.name}…`
    : other?.again
      ? `Yes, ${other.name}, again!`
      : 'Play again';
  again.disabled = me?.again === true;
  part('other').textContent = seat === -1 ? 'Play yourself' : 'Somebody else';
  if (before) announce(`${title} ${part('over-text').textContent}`);
}

function titleOf({ result, seats }: Open, seat: number): string {
  const winner = result?.winner ?? null;
  if (winner === null) return 'A draw!';
  if (seat === -1) return `${seats[winner]?.name} wins`;
  return winner === seat ? 'You win!' : `${seats[winner]?.name} wins`;
}

function whyOf({ result, seats }: Open, seat: number): string {
  if (result === null || result.winner === null) return '';
  const loser = 1 - result.winner;
  const who = loser === seat ? 'You' : (seats[loser]?.name ?? 'The other');
  const words = {
    turns: '',
    letters: 'The letters are used up.',
    resigned: `${who} gave up.`,
    clock: `${who} ran out of time twice.`,
    left: `${who} left the table.`,
  };
  return words[result.why];
}

function bestOf({ thread, seats }: Open, seat: number): string {
  const [best] = thread.filter((link) => link.seat !== -1).toSorted((a, b) => b.score - a.score);
  return best === undefined
    ? ''
    : `Best word: ${best.word.toUpperCase()} by ${best.seat === seat ? 'you' : seats[best.seat]?.name}, ${best.score} points.`;
}
