import { button, make } from '../hud/page.ts';

export type FieldOptions = {
  /** Unique on the page. */
  readonly id: string;
  readonly label: string;
  readonly type?: 'text' | 'password' | 'email';
  /** What a password manager may fill in: `username`, `current-password`, `new-password`, `off`, … */
  readonly autocomplete?: AutoFill;
  /** A word below it, for everybody. */
  readonly hint?: string;
  readonly placeholder?: string;
  readonly most?: number;
  /** What is wrong with a value, in words; empty when nothing is. */
  readonly check?: (value: string) => string;
};

/** A labelled input; what is wrong with it stands beside it and is read out. */
export class Field {
  readonly element = make('div', 'field');
  readonly input = make('input');
  readonly #error = make('p', 'wrong');
  readonly #check: (value: string) => string;

  constructor(options: FieldOptions) {
    const { id, label, type = 'text', autocomplete = 'off', hint = '', placeholder = '', most = 200 } = options;
    const { input } = this;
    this.#check = options.check ?? (() => '');
    Object.assign(input, { id, name: id, type, autocomplete, placeholder, maxLength: most, spellcheck: false });
    input.setAttribute('autocapitalize', 'off');
    const words = make('label', '', label);
    words.htmlFor = id;
    this.#error.id = `${id}-wrong`;
    this.#error.setAttribute('role', 'alert');
    const row = make('div', 'field-row');
    row.append(input);
    if (type === 'password') row.append(this.#showButton(label));
    this.element.append(words, row);
    if (hint !== '') {
      const line = make('p', 'field-hint', hint);
      line.id = `${id}-hint`;
      this.element.append(line);
    }
    this.element.append(this.#error);
    input.setAttribute('aria-describedby', hint === '' ? this.#error.id : `${this.#error.id} ${id}-hint`);
    input.addEventListener('input', () => this.say(''));
  }

  get id(): string {
    return this.input.id;
  }

  /** Passwords as they are, everything else without blanks at its ends. */
  get value(): string {
    return this.input.name.includes('password') ? this.input.value : this.input.value.trim();
  }

  set value(text: string) {
    this.input.value = text;
  }

  /** Says what is wrong, if anything is. @returns whether it may be sent */
  isRight(): boolean {
    const wrong = this.#check(this.value);
    this.say(wrong);
    return wrong === '';
  }

  /** Puts a word beside the field; an empty one takes it away. */
  say(wrong: string): void {
    if (this.#error.textContent !== wrong) this.#error.textContent = wrong;
    if (wrong === '') this.input.removeAttribute('aria-invalid');
    else this.input.setAttribute('aria-invalid', 'true');
  }

  #showButton(label: string): HTMLButtonElement {
    const show = button('field-show', 'Show', () => {
      const hidden = this.input.type === 'password';
      this.input.type = hidden ? 'text' : 'password';
      show.setAttribute('aria-pressed', String(hidden));
      this.input.dispatchEvent(new Event('shown', { bubbles: true }));
    });
    show.setAttribute('aria-pressed', 'false');
    show.setAttribute('aria-label', `Show: ${label}`);
    return show;
  }
}

/** Words for a field that has to have something in it. */
export const needed = (word: string) => (value: string) => (value === '' ? `Please type ${word}.` : '');

/** Names of accounts and characters. */
export const nameCheck = (value: string) =>
  /^[A-Za-z0-9]{2,16}$/.test(value) ? '' : 'A name is 2 to 16 letters or digits, without blanks.';

/** A new password; the server counts again. */
export const passwordCheck = (value: string) =>
  value.length < 8 ? 'A password has at least 8 characters.' : value.length > 200 ? 'That is too long.' : '';

/** An address, or none. */
export const emailCheck = (value: string) =>
  value === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)
    ? ''
    : 'That is not an e-mail address. You can leave it out.';
