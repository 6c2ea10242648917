/** How it is played, in a window. */
import { make } from '/farmyard/hud/page.ts';
import { Dialog } from '/farmyard/parts/dialog.ts';
import { allBonus, longest, rackSize, shortest, values } from '../rules.ts';

const rules = [
  `You and your partner spin one thread of words. You have ${rackSize} letters that nobody else sees.`,
  `In your turn, tie a word to the thread: it begins with the letters that the last word ends with. After GARDEN you may play NEST, or ENTER, or DENIAL.`,
  `The common letters are the knot. They are there already; all others come from your rack.`,
  `A word counts the sum of its letters times the length of its knot: NEST once, ENTER twice, DENIAL three times. All seven letters at once: ${allBonus} more.`,
  `Words have ${shortest} to ${longest} letters, and each is played once in a match.`,
  `No word? Change letters, as many as you like; that is your turn. When neither of you lays a word, the thread begins anew.`,
  `You have 45 seconds. Let them run out twice in a row, and the match is lost. After seven turns each, the most points win.`,
];

const keys = [
  ['A … Z', 'lay a letter'],
  ['← →', 'a longer or a shorter knot'],
  ['Backspace, Escape', 'take back one, or all'],
  ['Enter', 'play the word'],
  ['Space', 'shuffle'],
] as const;

export function showHow(): void {
  const dialog = new Dialog('How it is played');
  const list = make('ol', 'rules');
  list.append(...rules.map((rule) => make('li', '', rule)));
  const worth = make('p', 'worths');
  for (const points of [...new Set(values.values())].sort((a, b) => a - b)) {
    const letters = [...values].filter(([, value]) => value === points).map(([letter]) => letter.toUpperCase());
    const group = make('span', '', letters.join(' '));
    group.append(make('b', '', String(points)));
    worth.append(group);
  }
  const table = make('dl', 'keys');
  for (const [key, does] of keys) table.append(make('dt', '', key), make('dd', '', does));
  dialog.body.append(list, make('h3', '', 'What letters count'), worth, make('h3', '', 'Keys'), table);
  const source = make('p', 'small', 'The words are those of SCOWL, by Kevin Atkinson and others.');
  dialog.body.append(source);
  dialog.open();
}
