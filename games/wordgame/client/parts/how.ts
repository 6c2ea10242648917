/** How it is played, in a window. */
import { make } from '/farmyard/hud/page.ts';
import { Dialog } from '/farmyard/parts/dialog.ts';
import { allBonus, longest, rackSize, shortest, values } from '../rules.ts';
import { makeSample } from './sample.ts';

/** Turns of both players together, and seconds of a turn. */
type Pace = { readonly turns: number; readonly clock: number };

const rulesFor = ({ turns, clock }: Pace) => [
  `Begin your word with the letters that the last word ends with. They are the knot, and there already; the others come from your ${rackSize} letters.`,
  `A word counts its letters times its knot: NEST is tied by one and counts once, STONE by two and counts twice. All ${rackSize} letters at once: ${allBonus} more.`,
  'No word? Change letters. When neither of you lays one, the thread begins anew.',
  `${turns / 2} turns each, ${clock} seconds a turn. Who lets two in a row run out has lost.`,
  `Words have ${shortest} to ${longest} letters. None is played twice.`,
];

const keys = [
  ['A … Z', 'lay a letter'],
  ['← →', 'a longer or a shorter knot'],
  ['Backspace, Escape', 'take back one, or all'],
  ['Enter', 'play the word'],
  ['Space', 'shuffle'],
] as const;

export function showHow(pace: Pace): void {
  const dialog = new Dialog('How it is played');
  const list = make('ol', 'rules');
  list.append(...rulesFor(pace).map((rule) => make('li', '', rule)));
  const worth = make('p', 'worths');
  for (const points of [...new Set(values.values())].sort((a, b) => a - b)) {
    const letters = [...values].filter(([, value]) => value === points).map(([letter]) => letter.toUpperCase());
    const group = make('span', '', letters.join(' '));
    group.append(make('b', '', String(points)));
    worth.append(group);
  }
  const table = make('dl', 'keys by-keys');
  for (const [key, does] of keys) table.append(make('dt', '', key), make('dd', '', does));
  dialog.body.append(makeSample(true), list, make('h3', '', 'What letters count'), worth);
  dialog.body.append(make('h3', 'by-keys', 'Keys'), table);
  dialog.body.append(make('p', 'small', 'The words are those of SCOWL, by Kevin Atkinson and others.'));
  dialog.open();
}
