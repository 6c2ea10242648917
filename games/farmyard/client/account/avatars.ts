import type { Accounts } from '../door/accounts.ts';
import { announce, make } from '../hud/page.ts';
import { inWords } from '../parts/words.ts';
import { drawFigure } from '../world/cast.ts';
import { Figure } from '../world/figure.ts';
import { pretend } from '../world/pretend.ts';

type Avatar = {
  /** What is kept: other pages and programs can show it too. */
  readonly emoji: string;
  readonly word: string;
  /** What of the farm stands for it here, how many of it fit into the picture, and where its middle is, in metres. */
  readonly kind: string;
  readonly size: number;
  readonly middle: number;
};

const avatars: readonly Avatar[] = [
  { emoji: '🐔', word: 'Hen', kind: 'chicken', size: 1.2, middle: -0.4 },
  { emoji: '🐓', word: 'Rooster', kind: 'rooster', size: 1.75, middle: -0.52 },
  { emoji: '🐣', word: 'Chick', kind: 'chick', size: 0.7, middle: -0.22 },
  { emoji: '🦆', word: 'Duck', kind: 'duck', size: 1.05, middle: -0.22 },
  { emoji: '🦊', word: 'Fox', kind: 'fox', size: 1.7, middle: -0.35 },
  { emoji: '🐮', word: 'Cow', kind: 'cow', size: 2.4, middle: -0.7 },
  { emoji: '🥚', word: 'Egg', kind: 'egg', size: 0.5, middle: -0.14 },
  { emoji: '⚽', word: 'Football', kind: 'ball', size: 1.15, middle: -0.2 },
  { emoji: '🧺', word: 'Basket', kind: 'basket', size: 1.75, middle: -0.5 },
  { emoji: '🌾', word: 'Hay', kind: 'hay', size: 1.6, middle: -0.35 },
];

/** The picture of an avatar, drawn as on the farm; its letters where the farm has no such thing. */
export function avatarPicture(emoji: string, pixels = 40): HTMLElement {
  const avatar = avatars.find((one) => one.emoji === emoji);
  if (avatar === undefined) return make('span', 'avatar-letters', [...emoji].slice(0, 2).join(''));
  const canvas = make('canvas', 'avatar-picture');
  const dpr = Math.min(2, devicePixelRatio);
  canvas.width = pixels * dpr;
  canvas.height = pixels * dpr;
  canvas.style.width = `${pixels}px`;
  canvas.style.height = `${pixels}px`;
  const c = canvas.getContext('2d');
  if (c === null) return canvas;
  const k = (pixels * dpr) / avatar.size;
  c.setTransform(k, 0, 0, k, canvas.width / 2, canvas.height / 2 - avatar.middle * k);
  drawFigure(c, new Figure(pretend('doorkeeper', avatar.kind), -1), 0.1);
  return canvas;
}

/** A row of small pictures, of which one is chosen; kept at once. */
export async function avatarPicker(accounts: Accounts, changed: (avatar: string) => void): Promise<HTMLElement> {
  const now = await accounts.avatar();
  const group = make('fieldset', 'avatars');
  const wrong = make('p', 'wrong');
  wrong.setAttribute('role', 'alert');
  const choices = avatars.map(({ emoji, word }) => {
    const label = make('label', 'avatar');
    const input = make('input', 'avatar-choice');
    Object.assign(input, { type: 'radio', name: 'avatar', value: emoji, checked: emoji === now });
    input.setAttribute('aria-label', word);
    const face = avatarPicture(emoji);
    face.setAttribute('aria-hidden', 'true');
    input.addEventListener('change', () => {
      wrong.textContent = '';
      accounts.setAvatar(emoji).then(
        () => {
          changed(emoji);
          announce(`Your picture is: ${word}.`);
        },
        (error: unknown) => {
          wrong.textContent = inWords(error);
        },
      );
    });
    label.append(input, face);
    return label;
  });
  const row = make('div', 'avatar-row');
  row.append(...choices);
  group.append(make('legend', '', 'Your picture'), row, wrong);
  return group;
}
