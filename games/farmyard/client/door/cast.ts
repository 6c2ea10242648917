import { announce, button, icon, make, part } from '../hud/page.ts';
import { confirm } from '../parts/confirm.ts';
import { Field, nameCheck } from '../parts/field.ts';
import { Form } from '../parts/form.ts';
import { inWords } from '../parts/words.ts';
import type { Accounts, Character, Me } from './accounts.ts';
import { portraitOf } from './portrait.ts';

export type CastAsked = {
  /** Comes in as one of the account's characters. */
  readonly play: (name: string) => Promise<void>;
  readonly settings: () => void;
};

/** The characters of an account: one is picked, made, or sent away. */
export class Cast {
  readonly #accounts: Accounts;
  readonly #asked: CastAsked & { readonly leave: () => Promise<void> };
  readonly #heading = make('h2');
  readonly #people = make('ul', 'people');
  readonly #trouble = make('p', 'wrong');
  readonly #name = new Field({
    id: 'character-name',
    label: 'Name of a new character',
    hint: '2 to 16 letters or digits. Everybody sees it.',
    most: 16,
    check: nameCheck,
  });
  readonly #form: Form;

  constructor(accounts: Accounts, asked: CastAsked & { readonly leave: () => Promise<void> }) {
    this.#accounts = accounts;
    this.#asked = asked;
    this.#heading.tabIndex = -1;
    this.#trouble.setAttribute('role', 'alert');
    this.#form = new Form({
      id: 'character-form',
      submit: 'Make this character',
      fields: [this.#name],
      send: () => this.#make(),
      about: { 'character.taken': this.#name, 'name.taken': this.#name, 'name.illegal': this.#name },
    });
    const picture = portraitOf('', 96);
    picture.classList.add('preview');
    this.#name.input.addEventListener('input', () => portraitOf(this.#name.value, 96, picture));
    this.#form.element.prepend(picture);
    const feet = make('div', 'row feet');
    feet.append(
      button('link', 'Account settings', () => asked.settings()),
      button('link', 'Log out', () => void this.#try(() => this.#logOut())),
    );
    part('cast').append(this.#heading, this.#people, this.#trouble, this.#form.element, feet);
  }

  async show(me: Me): Promise<void> {
    this.#trouble.textContent = '';
    this.#form.clear();
    const characters = await this.#accounts.characters();
    this.#heading.textContent =
      characters.length === 0 ? `Welcome, ${me.name}. Make your first character.` : `Who are you today, ${me.name}?`;
    this.#people.replaceChildren(...characters.map((character) => this.#card(character)));
    this.#people.hidden = characters.length === 0;
  }

  /** To the first character, or where the first one is made. */
  focus(): void {
    (this.#people.querySelector('button') ?? this.#name.input).focus();
  }

  #card(character: Character): HTMLLIElement {
    const { name, online } = character;
    const item = make('li', 'person');
    const play = button('person-play', '', () => void this.#try(() => this.#asked.play(name)));
    play.setAttribute('aria-label', `Play as ${name}`);
    const words = make('span', 'person-words');
    words.append(make('b', '', name), make('small', '', online ? 'on the farm right now' : 'waits for you'));
    play.append(portraitOf(name), words);
    const remove = button('round plain person-delete', '', () => this.#askDelete(name, remove));
    remove.append(icon('M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.500 11v5M13.500 11v5'));
    remove.setAttribute('aria-label', `Delete ${name}`);
    item.append(play, remove);
    return item;
  }

  async #make(): Promise<void> {
    const { name } = await this.#accounts.createCharacter(this.#name.value);
    announce(`${name} is made.`);
    await this.#asked.play(name);
  }

  #askDelete(name: string, from: HTMLElement): void {
    confirm({
      title: `Delete ${name}?`,
      text: `${name} leaves the farm for good, with everything that belongs to ${name}. Nobody can bring them back.`,
      yes: `Delete ${name}`,
      no: `Keep ${name}`,
      act: async () => {
        await this.#accounts.deleteCharacter(name);
        from.closest('li')?.remove();
        announce(`${name} is deleted.`);
        const who = await this.#accounts.who();
        if (who?.account) await this.show(who.account);
        setTimeout(() => this.focus());
      },
    });
  }

  async #logOut(): Promise<void> {
    await this.#accounts.logOut();
    await this.#asked.leave();
    announce('You are logged out.');
  }

  async #try(act: () => Promise<void>): Promise<void> {
    this.#trouble.textContent = '';
    try {
      await act();
    } catch (error) {
      this.#trouble.textContent = inWords(error);
    }
  }
}
