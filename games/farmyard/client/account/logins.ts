import type { Accounts, Login } from '../door/accounts.ts';
import { announce, button, make } from '../hud/page.ts';
import { inWords } from '../parts/words.ts';

/** Fills the element with the logins of the account; every other one can be ended. */
export async function loginList(accounts: Accounts, into: HTMLElement): Promise<void> {
  const wrong = make('p', 'wrong');
  wrong.setAttribute('role', 'alert');
  try {
    const list = make('ul', 'logins');
    const logins = await accounts.logins();
    list.append(...logins.map((login) => item(login, (ended) => end(ended))));
    into.replaceChildren(list, wrong);
  } catch (error) {
    wrong.textContent = inWords(error);
    into.replaceChildren(wrong);
  }

  async function end({ id }: Login): Promise<void> {
    try {
      await accounts.ask('end-login', { id });
      announce('That login is ended.');
      await loginList(accounts, into);
      into.querySelector('button')?.focus();
    } catch (error) {
      wrong.textContent = inWords(error);
    }
  }
}

function item(login: Login, end: (login: Login) => void): HTMLLIElement {
  const made = make('li');
  const words = make('span');
  const where = login.page ? 'A browser' : 'A program';
  const address = login.address === null ? '' : ` at ${login.address}`;
  const seen = new Date(login.seen * 1000).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  words.append(
    make('b', '', login.current ? 'This browser' : `${where}${address}`),
    make('small', '', `last here ${seen}`),
  );
  made.append(words);
  if (!login.current) {
    const stop = button('answer', 'End', () => end(login));
    stop.setAttribute('aria-label', `End the login of ${where.toLowerCase()}${address}, last here ${seen}`);
    made.append(stop);
  }
  return made;
}
