import { button, make } from '../hud/page.ts';
import { Dialog } from '../parts/dialog.ts';
import { inWords } from '../parts/words.ts';
import type { Friends } from './friends.ts';

export type PersonAsked = {
  readonly whisper: (name: string) => void;
  readonly friends: Friends;
};

/** What can be done with somebody: a small window that opens from a name. */
export function openPerson(name: string, { whisper, friends }: PersonAsked): void {
  const dialog = new Dialog(name, 'narrow');
  const wrong = make('p', 'wrong');
  wrong.setAttribute('role', 'alert');
  const choices = make('div', 'choices');
  const offer = (text: string, act: () => Promise<void> | void) => {
    const made = button('big calm', text, () => {
      wrong.textContent = '';
      Promise.resolve()
        .then(act)
        .then(
          () => dialog.close(),
          (error: unknown) => {
            wrong.textContent = inWords(error);
          },
        );
    });
    choices.append(made);
  };
  offer(`Whisper to ${name}`, () => dialog.onClosed(() => whisper(name)));
  if (friends.canKeep && friends.isFriend(name)) offer('End this friendship', () => friends.remove(name));
  else if (friends.canKeep) offer('Ask to be friends', () => friends.add(name));
  if (friends.isBlocked(name)) offer('Hear them again', () => friends.unblock(name));
  else offer('Block: hear nothing of them', () => friends.block(name));
  if (!friends.canKeep) choices.append(make('p', 'small', 'With an account you can be friends.'));
  dialog.body.append(choices, wrong);
  dialog.open();
}
