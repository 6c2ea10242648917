import { make } from '../hud/page.ts';
import type { Field } from './field.ts';
import { codeOf, inWords } from './words.ts';

export type FormOptions = {
  readonly id: string;
  readonly submit: string;
  /** Of the button. */
  readonly submitId?: string;
  readonly fields: readonly Field[];
  /** Carries it out; what it throws is said beside the field it is about, or below the fields. */
  readonly send: () => Promise<void>;
  /** Field that an error is about, by its code. */
  readonly about?: Readonly<Record<string, Field>>;
  /** Words for codes that mean something else here. */
  readonly words?: Readonly<Record<string, string>>;
  readonly tone?: 'grim';
};

/** Fields and a button; sends once at a time, and says in place what went wrong. */
export class Form {
  readonly element = make('form', 'form');
  readonly #options: FormOptions;
  readonly #trouble = make('p', 'wrong trouble');
  readonly #submit: HTMLButtonElement;
  #busy = false;

  constructor(options: FormOptions) {
    this.#options = options;
    const { element } = this;
    element.id = options.id;
    element.noValidate = true;
    this.#trouble.setAttribute('role', 'alert');
    this.#submit = make('button', options.tone === 'grim' ? 'big grim' : 'big', options.submit);
    if (options.submitId !== undefined) this.#submit.id = options.submitId;
    element.append(...options.fields.map((field) => field.element), this.#trouble, this.#submit);
    element.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.send();
    });
  }

  /** Takes away what stands in it. */
  clear(): void {
    this.#trouble.textContent = '';
    for (const field of this.#options.fields) {
      field.value = '';
      field.say('');
    }
  }

  /** Says something that is about no field. */
  say(text: string): void {
    this.#trouble.textContent = text;
  }

  /** Sends what stands in it, as its button does or in another way. */
  async send(send = this.#options.send): Promise<void> {
    const { fields } = this.#options;
    if (this.#busy) return;
    this.#trouble.textContent = '';
    const wrong = fields.filter((field) => field.element.hidden === false && !field.isRight());
    if (wrong[0] !== undefined) {
      wrong[0].input.focus();
      return;
    }
    this.#setBusy(true);
    try {
      await send();
    } catch (error) {
      this.#refuse(error);
    }
    this.#setBusy(false);
  }

  #refuse(error: unknown): void {
    const { about = {}, words = {} } = this.#options;
    const code = codeOf(error);
    const text = inWords(error, words);
    this.element.dispatchEvent(new Event('refused', { bubbles: true }));
    const field = Object.hasOwn(about, code) ? about[code] : undefined;
    if (field === undefined) {
      this.#trouble.textContent = text;
      this.#submit.focus();
      return;
    }
    field.say(text);
    field.input.focus();
    field.input.select();
  }

  /** The button keeps the focus meanwhile. */
  #setBusy(busy: boolean): void {
    this.#busy = busy;
    this.#submit.setAttribute('aria-disabled', String(busy));
    this.element.setAttribute('aria-busy', String(busy));
  }
}
