import { button, make } from '../hud/page.ts';
import { Dialog } from './dialog.ts';
import { inWords } from './words.ts';

export type Question = {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no?: string;
  /** Words for codes that mean something else here. */
  readonly words?: Readonly<Record<string, string>>;
  /** Carries it out; the window closes when it is done. */
  readonly act: () => Promise<void>;
};

/** Asks before something that cannot be taken back. The focus is on the harmless answer. */
export function confirm({ title, text, yes, no = 'Keep it', words = {}, act }: Question): void {
  const dialog = new Dialog(title, 'narrow');
  const told = make('p', '', text);
  told.id = `${dialog.title.id}-text`;
  dialog.element.setAttribute('role', 'alertdialog');
  dialog.element.setAttribute('aria-describedby', told.id);
  const wrong = make('p', 'wrong');
  wrong.setAttribute('role', 'alert');
  const keep = button('big calm', no, () => dialog.close());
  keep.autofocus = true;
  const go = button('big grim', yes, () => {
    go.setAttribute('aria-disabled', 'true');
    act().then(
      () => dialog.close(),
      (error: unknown) => {
        go.removeAttribute('aria-disabled');
        wrong.textContent = inWords(error, words);
      },
    );
  });
  const row = make('div', 'row');
  row.append(keep, go);
  dialog.body.append(told, wrong, row);
  dialog.open();
}
