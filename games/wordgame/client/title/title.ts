/** The first thing that one sees: who one is, and with whom to play. */
import { CallError } from 'roost/client';
import { button, make, part } from '/farmyard/hud/page.ts';
import { Field, nameCheck } from '/farmyard/parts/field.ts';
import { recall, remember } from '../parts/kept.ts';
import { makeSample } from '../parts/sample.ts';
import { tell } from '../parts/says.ts';
import type { Params } from '../wire/wire.ts';
import { askWho, logOut } from './account.ts';
import { askCode } from './code.ts';

export type Mode = 'duel' | 'friends' | 'wren';

type Asked = {
  readonly call: (method: string, params?: Params) => Promise<unknown>;
  /** Plays that character of the account from now on. */
  readonly choose: (character: string) => Promise<unknown>;
  /** The browser has another cookie now. */
  readonly renew: () => Promise<void>;
  readonly seek: (mode: Mode, party: number | string | undefined) => Promise<void>;
};

type Who = {
  readonly account: { readonly name: string } | null;
  readonly open: { readonly guests: boolean; readonly serials: boolean };
};

/** Of whom nobody has to think one up. */
const guests = [
  'Badger',
  'Finch',
  'Hazel',
  'Heron',
  'Linnet',
  'Magpie',
  'Marten',
  'Otter',
  'Plover',
  'Robin',
  'Squirrel',
];

function someName(): string {
  return `${guests[Math.floor(Math.random() * guests.length)]}${10 + Math.floor(Math.random() * 90)}`;
}

export class Title {
  readonly #asked: Asked;
  /** Its folder: characters are made for it. */
  #game: string;
  readonly #name: Field;
  /** What stands on the button when nobody has invited. */
  readonly #friend = [...part('play-friend').childNodes];
  /** Code of a friend's party that the link led to. */
  #invitation: string | undefined;
  #account: string | null = null;

  /** @param game  Its folder; `''` for the one that the node shows first. */
  constructor(asked: Asked, game: string) {
    this.#asked = asked;
    this.#game = game;
    this.#name = new Field({
      ...{ id: 'name', label: 'Your name, if you like', most: 16, placeholder: someName() },
      check: (value) => (value === '' ? '' : nameCheck(value)),
    });
    this.#name.value = recall('name');
    part('who').append(this.#name.element);
    part('sample').append(makeSample(false));
    this.#name.input.addEventListener('keydown', ({ key }) => key === 'Enter' && part('play-duel').click());
    part('play-duel').addEventListener('click', () => void this.#play('duel', undefined));
    part('play-friend').addEventListener('click', () => void this.#play('friends', this.#invitation ?? 2));
    part('have-code').addEventListener('click', () => this.#join());
    part('play-wren').addEventListener('click', () => void this.#play('wren', undefined));
  }

  /** Name of a guest; `''` of who is logged in and has that of the character. */
  get name(): string {
    if (this.#account !== null) return '';
    return this.#name.value || this.#name.input.placeholder;
  }

  invite(code: string | undefined): void {
    this.#invitation = code;
    // First stands what is meant.
    part('ways').prepend(part(code === undefined ? 'play-duel' : 'play-friend'));
    part('play-friend').replaceChildren(...(code === undefined ? this.#friend : ['Join your friend']));
    part('play-friend').classList.toggle('calm', code === undefined);
    part('play-duel').classList.toggle('calm', code !== undefined);
  }

  say(text: string): void {
    part('title-news').textContent = text;
  }

  /** Asks the node who the browser is. */
  async learn(): Promise<void> {
    const { account, open } = await this.#who();
    this.#account = account?.name ?? null;
    const line = part('account-line');
    const refresh = async () => {
      await this.#asked.renew();
      await this.learn();
    };
    if (account === null) {
      // Who is typing there goes on.
      if (!this.#name.element.isConnected) part('who').replaceChildren(this.#name.element);
      this.#name.element.hidden = !open.guests;
      line.replaceChildren(button('plain', 'Log in, or make an account', () => askWho(open.serials, refresh)));
    } else {
      part('who').replaceChildren(make('p', 'lead', `Welcome, ${account.name}.`));
      line.replaceChildren(
        button('plain', 'Log out', () => void logOut().then(refresh, (error) => this.say(tell(error)))),
      );
    }
  }

  /** A new connection has to be told whom it plays; one that took its character back knows. */
  async choose(): Promise<void> {
    if (this.#account === null) return;
    try {
      await this.#asked.choose(await this.#character(this.#account));
    } catch (error) {
      if (!(error instanceof CallError) || error.code !== 'session.playing') throw error;
    }
  }

  async #who(): Promise<Who> {
    try {
      return (await this.#asked.call('auth.me')) as Who;
    } catch (error) {
      // A node without accounts.
      if (error instanceof CallError && error.code === 'call.unknown-method')
        return { account: null, open: { guests: true, serials: false } };
      throw error;
    }
  }

  /** The account's character in this game, made when there is none. */
  async #character(account: string): Promise<string> {
    if (this.#game === '') this.#game = ((await this.#asked.call('host.info')) as { readonly game: string }).game;
    const { characters } = (await this.#asked.call('character.list')) as {
      readonly characters: readonly { readonly name: string; readonly game: string }[];
    };
    const own = characters.find(({ game }) => game === this.#game);
    if (own !== undefined) return own.name;
    const free = async (name: string): Promise<string> => {
      const made = (await this.#asked.call('character.create', { name, game: this.#game })) as {
        readonly name: string;
      };
      return made.name;
    };
    return free(account).catch((error: unknown) => {
      if (!(error instanceof CallError) || error.code !== 'character.taken') throw error;
      return free(`${account.slice(0, 13)}${100 + Math.floor(Math.random() * 900)}`);
    });
  }

  /** With a code that was typed. */
  #join(): void {
    if (this.#account === null && !this.#name.isRight()) return this.#name.input.focus();
    remember('name', this.#name.value);
    askCode((code) => this.#asked.seek('friends', code));
  }

  async #play(mode: Mode, party: number | string | undefined): Promise<void> {
    this.say('');
    if (this.#account === null && !this.#name.isRight()) return this.#name.input.focus();
    remember('name', this.#name.value);
    const buttons = [...document.querySelectorAll<HTMLButtonElement>('#title .ways button')];
    for (const one of buttons) one.disabled = true;
    try {
      await this.#asked.seek(mode, party);
    } catch (error) {
      const code = error instanceof CallError ? error.code : '';
      if (code === 'match.name-taken' || code === 'name.taken' || code === 'name.illegal') {
        this.#name.say(tell(error));
        this.#name.input.focus();
      } else this.say(tell(error));
    }
    for (const one of buttons) one.disabled = false;
  }
}
