import { button, make, part } from '../hud/page.ts';
import { Field, needed, passwordCheck } from '../parts/field.ts';
import { Form } from '../parts/form.ts';
import { post } from './accounts.ts';

type Asked = { readonly back: () => void; readonly done: (name: string) => void };

/** The way back in for who forgot his password: a code by mail, then a new password. */
export class Recover {
  readonly #name = new Field({
    id: 'recover-name',
    label: 'Name of your account',
    autocomplete: 'username',
    check: needed('your name'),
  });
  readonly #code = new Field({
    id: 'recover-code',
    label: 'Code from the mail',
    autocomplete: 'one-time-code',
    check: needed('the code'),
  });
  readonly #password = new Field({
    id: 'recover-password',
    label: 'New password',
    type: 'password',
    autocomplete: 'new-password',
    hint: 'At least 8 characters.',
    check: passwordCheck,
  });
  readonly #words = make('p', 'door-words');
  /** Whether the server sends mail; without it there is no way back. */
  canMail = true;
  readonly #ask: Form;
  readonly #reset: Form;
  readonly #back: HTMLButtonElement;

  constructor({ back, done }: Asked) {
    this.#ask = new Form({
      id: 'recover-ask',
      submit: 'Send me a code',
      fields: [this.#name],
      send: async () => {
        await post('auth.recover', { name: this.#name.value });
        this.#step(true);
      },
    });
    this.#reset = new Form({
      id: 'recover-reset',
      submit: 'Set my new password',
      fields: [this.#code, this.#password],
      send: async () => {
        const name = this.#name.value;
        await post('auth.reset', { name, code: this.#code.value, password: this.#password.value });
        this.#reset.clear();
        done(name);
      },
      about: { 'auth.wrong-code': this.#code, 'auth.password-length': this.#password },
    });
    const heading = make('h2', '', 'Forgot your password?');
    this.#back = button('link', 'Back', back);
    part('recover').append(heading, this.#words, this.#ask.element, this.#reset.element, this.#back);
  }

  show(name: string): void {
    this.#name.value = name;
    this.#step(false);
  }

  focus(): void {
    if (this.canMail) this.#name.input.focus();
    else this.#back.focus();
  }

  #step(asked: boolean): void {
    this.#ask.element.hidden = asked || !this.canMail;
    this.#reset.element.hidden = !asked;
    this.#words.textContent = !this.canMail
      ? 'This farm sends no mail, so nobody gets a new password here by himself. Ask whoever runs it.'
      : asked
        ? 'If that account has an e-mail address, a code is on its way there. It is good for half an hour.'
        : 'A code goes to the e-mail address of your account. With it you set a new password.';
    if (asked) this.#code.input.focus();
  }
}
