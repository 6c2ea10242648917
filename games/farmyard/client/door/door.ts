import { announce, button, make, part } from '../hud/page.ts';
import { emailCheck, Field, nameCheck, needed, passwordCheck } from '../parts/field.ts';
import { Form } from '../parts/form.ts';
import { forVisits } from '../parts/kept.ts';
import { Tabs } from '../parts/tabs.ts';
import type { Accounts, Me, Open, Who } from './accounts.ts';
import { Cast, type CastAsked } from './cast.ts';
import { Perch } from './perch.ts';
import { Recover } from './recover.ts';

type Asked = CastAsked & {
  /** Takes the character back from another window. */
  readonly comeBack: () => Promise<void>;
  /** Comes in as a guest; the name may be empty. */
  readonly enter: (name: string) => Promise<void>;
};

/** Ids of the tabs that somebody may be led to. */
export type Way = 'way-login' | 'way-register';

const nameKept = 'farmyard-name';
const accountKept = 'farmyard-account';

/** The title screen: who are you today? It lies over the meadow until somebody comes in. */
export class Door {
  readonly #element = part('door');
  readonly #accounts: Accounts;
  readonly #perch = new Perch(this.#element);
  readonly #ways: Tabs;
  readonly #cast: Cast;
  readonly #recover: Recover;
  #isFirst = true;
  #openings = 0;
  readonly #guestName = new Field({
    id: 'name',
    label: 'Your name, if you like',
    placeholder: 'Farmer',
    most: 16,
    check: (value) => (value === '' ? '' : nameCheck(value)),
  });
  readonly #loginName = new Field({
    id: 'login-name',
    label: 'Name',
    autocomplete: 'username',
    check: needed('your name'),
  });
  readonly #loginPassword = new Field({
    id: 'login-password',
    label: 'Password',
    type: 'password',
    autocomplete: 'current-password',
    check: needed('your password'),
  });
  readonly #newName = new Field({
    id: 'register-name',
    label: 'Name',
    autocomplete: 'username',
    hint: '2 to 16 letters or digits. You log in with it.',
    most: 16,
    check: nameCheck,
  });
  readonly #newPassword = new Field({
    id: 'register-password',
    label: 'Password',
    type: 'password',
    autocomplete: 'new-password',
    hint: 'At least 8 characters. A short sentence is a good one.',
    check: passwordCheck,
  });
  readonly #newEmail = new Field({
    id: 'register-email',
    label: 'E-mail, if you like',
    type: 'email',
    autocomplete: 'email',
    hint: 'Only used when you forget your password.',
    check: emailCheck,
  });
  readonly #newSerial = new Field({ id: 'register-serial', label: 'Your key for this farm', most: 64 });

  constructor(accounts: Accounts, asked: Asked) {
    this.#accounts = accounts;
    const loggedIn = () => this.#arrived();
    this.#cast = new Cast(accounts, { ...asked, leave: () => this.open() });
    this.#recover = new Recover({
      back: () => this.#show('ways-in'),
      done: (name) => {
        this.#loginName.value = name;
        this.#show('ways-in');
        this.#ways.choose('way-login');
        this.#say('Your password is changed. Log in with it.');
        this.#loginPassword.input.focus();
      },
    });
    this.#ways = new Tabs(part('ways'), (id) => {
      this.#element.dataset.way = id;
      this.#say('');
    });
    this.#newSerial.element.hidden = true;
    part('paused').append(
      new Form({ id: 'paused-form', submit: 'Play here instead', fields: [], send: asked.comeBack }).element,
    );
    part('guest').append(this.#guestForm(asked.enter));
    part('login').append(this.#loginForm(loggedIn));
    part('register').append(this.#registerForm(loggedIn));
    this.#guestName.value = forVisits.get(nameKept) ?? '';
    this.#loginName.value = forVisits.get(accountKept) ?? '';
    this.#element.addEventListener('refused', () => this.#perch.shake());
  }

  get isOpen(): boolean {
    return !this.#element.hidden;
  }

  /** Shows what the visitor needs next: the ways in, or the characters of who is logged in. */
  async open(news = '', way?: Way): Promise<void> {
    this.#element.hidden = false;
    const opening = ++this.#openings;
    const who = await this.#accounts.who();
    // Somebody came in meanwhile, or it was opened anew.
    if (opening !== this.#openings) return;
    this.#offer(who?.open);
    if (who?.account) await this.#showCast(who.account);
    else this.#showWays(who, way);
    if (opening !== this.#openings) return;
    this.#say(news);
    if (who?.account) this.#cast.focus();
    else if (news !== '' || way !== undefined) this.#firstField()?.focus();
  }

  #showWays(who: Who | undefined, way: Way | undefined): void {
    this.#show('ways-in');
    if (way !== undefined) this.#ways.choose(way);
    else if (who === undefined) this.#ways.choose('way-guest');
    else if (this.#isFirst && (this.#loginName.value !== '' || !who.open.guests)) this.#ways.choose('way-login');
    this.#isFirst = false;
  }

  /** Shows the ways in that this server has; a node without accounts has one. */
  #offer(open: Open | undefined): void {
    this.#element.dataset.accounts = String(open !== undefined);
    part('ways').hidden = open === undefined;
    part('way-guest').hidden = open?.guests === false;
    this.#newSerial.element.hidden = open?.serials !== true;
    this.#recover.canMail = open?.recovery === true;
  }

  /** Somebody plays in another window: nothing is asked of the server until this one is wanted again. */
  pause(news: string): void {
    this.#openings++;
    this.#element.hidden = false;
    this.#show('paused');
    this.#say(news);
    part('paused').querySelector('button')?.focus();
  }

  /** A connection is there: the first, or another one, which may be nobody's. */
  async connected(): Promise<void> {
    if (this.#openings === 0) return this.open();
    if (this.#element.dataset.view !== 'cast') return;
    const who = await this.#accounts.who();
    if (!who?.account && this.#element.dataset.view === 'cast') await this.open('You are logged out.');
  }

  close(): void {
    this.#openings++;
    this.#perch.hop();
    this.#element.hidden = true;
    this.#loginPassword.value = '';
    this.#newPassword.value = '';
  }

  /** Call it every frame. */
  draw(t: number, dt: number, still: boolean): void {
    if (this.isOpen) this.#perch.draw(t, dt, still);
  }

  async #arrived(): Promise<void> {
    this.#perch.hop();
    await this.open();
  }

  async #showCast(me: Me): Promise<void> {
    forVisits.set(accountKept, me.name);
    // Where one is after logging out.
    this.#ways.choose('way-login');
    this.#loginName.value = me.name;
    await this.#cast.show(me);
    this.#show('cast');
  }

  #show(view: 'ways-in' | 'recover' | 'cast' | 'paused'): void {
    for (const id of ['ways-in', 'recover', 'cast', 'paused']) part(id).hidden = id !== view;
    this.#element.dataset.view = view;
  }

  #say(news: string): void {
    part('door-news').textContent = news;
  }

  #firstField(): HTMLInputElement | undefined {
    const panel = part(part(this.#ways.current).getAttribute('aria-controls') ?? '');
    const fields = [...panel.querySelectorAll('input')];
    return fields.find(({ value }) => value === '') ?? fields[0];
  }

  #guestForm(enter: Asked['enter']): HTMLElement {
    const send = async () => {
      const name = this.#guestName.value;
      await enter(name);
      forVisits.set(nameKept, name);
    };
    const about = { 'name.taken': this.#guestName, 'name.illegal': this.#guestName };
    const fields = [this.#guestName];
    const form = new Form({ id: 'guest-form', submit: 'Come in', submitId: 'enter', fields, send, about });
    const words = make('p', 'quiet small', 'A guest comes in at once, and is forgotten on leaving.');
    words.classList.add('only-accounts');
    form.element.append(words);
    return form.element;
  }

  #loginForm(loggedIn: () => Promise<void>): HTMLElement {
    const come = async (way: 'logIn' | 'wake') => {
      await this.#accounts[way](this.#loginName.value, this.#loginPassword.value);
      this.#loginPassword.value = '';
      announce('You are logged in.');
      await loggedIn();
    };
    const send = () => come('logIn');
    const wakeUp = () => come('wake');
    const about = { 'auth.wrong': this.#loginPassword };
    const fields = [this.#loginName, this.#loginPassword];
    const form = new Form({ id: 'login-form', submit: 'Log in', fields, send, about });
    const forgot = button('link', 'Forgot your password?', () => {
      this.#recover.show(this.#loginName.value);
      this.#show('recover');
      this.#recover.focus();
    });
    const wake = button('link', 'Wake a sleeping account', () => form.send(wakeUp));
    const others = make('div', 'row others');
    others.append(forgot, wake);
    form.element.append(others);
    return form.element;
  }

  #registerForm(loggedIn: () => Promise<void>): HTMLElement {
    const [name, password, email, serial] = [this.#newName, this.#newPassword, this.#newEmail, this.#newSerial];
    const send = async () => {
      await this.#accounts.register(name.value, password.value, email.value, serial.value);
      password.value = '';
      announce('Welcome! Your account is made.');
      await loggedIn();
    };
    const about = {
      'auth.taken': name,
      'name.illegal': name,
      'auth.password-length': password,
      'auth.serial-missing': serial,
      'auth.serial-unknown': serial,
      'auth.serial-used': serial,
    };
    const form = new Form({
      id: 'register-form',
      submit: 'Make my account',
      fields: [name, password, email, serial],
      send,
      about,
    });
    return form.element;
  }
}
