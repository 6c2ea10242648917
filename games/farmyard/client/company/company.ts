import type { Client } from 'roost/client';
import { announce, make, part } from '../hud/page.ts';
import { Tabs } from '../parts/tabs.ts';
import { inWords } from '../parts/words.ts';
import { Friends } from './friends.ts';
import { Lines } from './lines.ts';
import { openPerson } from './person.ts';
import { Whispers } from './whispers.ts';

/** `/w Ben hello` or `/whisper Ben hello`. */
const whisperLine = /^\/w(?:hisper)?\s+(\S+)\s+(.+)$/i;

/** Chat and friends: one line to type in for a quick word, or the whole panel. */
export class Company {
  readonly #client: Client;
  readonly #refused: (text: string) => void;
  readonly #element = part('company');
  readonly #line = part<HTMLInputElement>('line');
  readonly #button = part('talk');
  readonly #here: Lines;
  readonly #whispers: Whispers;
  readonly #friends: Friends;
  readonly #tabs: Tabs;
  #back: HTMLElement | undefined;

  /** @param refused  Is told why something was not said. */
  constructor(client: Client, refused: (text: string) => void) {
    this.#client = client;
    this.#refused = refused;
    const chosen = (name: string) => this.#choose(name);
    this.#here = new Lines(part('here-lines'), chosen);
    this.#whispers = new Whispers(chosen, () => this.#aim());
    this.#friends = new Friends(client, { chosen, waiting: (count) => this.#count('friends-new', count) });
    this.#tabs = new Tabs(part('company-tabs'), () => this.#turned());
    this.#button.addEventListener('click', () => (this.#isOpen ? this.close() : this.open()));
    part('company-close').addEventListener('click', () => this.close());
    part('chat').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send();
    });
    this.#element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    this.#line.addEventListener('blur', () => this.#isQuick && this.#line.value === '' && this.close(false));
  }

  /** The line alone, for a quick word; or the line of the panel, when that is open. */
  talk(): void {
    if (!this.#isOpen) {
      this.#element.classList.add('quick');
      this.#element.hidden = false;
      this.#back = part('land');
      this.#tabs.choose('tab-here');
    } else if (this.#tabs.current === 'tab-friends') this.#tabs.choose('tab-here');
    this.#line.focus();
  }

  open(): void {
    const { activeElement } = document;
    this.#back = activeElement instanceof HTMLElement ? activeElement : undefined;
    this.#element.classList.remove('quick');
    this.#element.hidden = false;
    document.body.classList.add('company-open');
    this.#button.setAttribute('aria-expanded', 'true');
    this.#tabs.choose(this.#whispers.unread > 0 ? 'tab-whispers' : this.#tabs.current);
    part(this.#tabs.current).focus();
  }

  close(giveBack = true): void {
    this.#line.value = '';
    this.#element.hidden = true;
    this.#element.classList.remove('quick');
    document.body.classList.remove('company-open');
    this.#button.setAttribute('aria-expanded', 'false');
    if (giveBack) (this.#back ?? part('land')).focus({ preventScroll: true });
  }

  /** Somebody came in: friends are read, and nothing is left of who was here before. */
  async begin(): Promise<void> {
    await this.#friends.refresh();
  }

  end(): void {
    this.close(false);
    this.#whispers.forget();
    this.#here.show([]);
    part('log').replaceChildren();
  }

  /** Somebody said something within hearing; `note` says where else it came from. */
  heard(from: string, text: string, at = Date.now() / 1000, note = ''): void {
    const mine = from === this.#client.self?.name;
    this.#here.add({ from, text, mine, at, note });
    this.#float(from, text);
    if (!mine) announce(`${from}: ${text}`);
  }

  /** A whisper came. */
  whispered(from: string, text: string, at: number): void {
    const seen = this.#isOpen && this.#tabs.current === 'tab-whispers';
    this.#whispers.add(from, { from, text, at }, seen);
    this.#float(`${from} whispers`, text);
    announce(`${from} whispers: ${text}`);
  }

  /** News of friends, in words: the list is read again. */
  friendsChanged(news: string): void {
    this.#float('♥', news);
    announce(news);
    this.#friends.refresh().catch((error: unknown) => this.#refused(inWords(error)));
  }

  get #isQuick(): boolean {
    return this.#element.classList.contains('quick');
  }

  /** The whole panel. */
  get #isOpen(): boolean {
    return !this.#element.hidden && !this.#isQuick;
  }

  async #send(): Promise<void> {
    const text = this.#line.value.trim();
    const quick = this.#isQuick;
    const [, name, said] = whisperLine.exec(text) ?? [];
    const partner = this.#tabs.current === 'tab-whispers' && !quick ? this.#whispers.partner : '';
    if (quick) this.close();
    else this.#line.value = '';
    if (text === '') return;
    try {
      if (name !== undefined && said !== undefined) await this.#whisper(name, said, quick);
      else if (partner !== '') await this.#whisper(partner, text, quick);
      else await this.#client.say(text);
    } catch (error) {
      this.#refused(inWords(error));
    }
  }

  async #whisper(name: string, text: string, quick: boolean): Promise<void> {
    const { delivered } = (await this.#client.call('chat.whisper', { to: name, text })) as {
      readonly delivered: boolean;
    };
    if (!delivered) return this.#refused(`${name} is not here: your whisper went nowhere.`);
    this.#whispers.add(name, { from: 'You', text, mine: true, at: Date.now() / 1000 }, true);
    if (quick) this.#float(`You, to ${name}`, text);
    else if (this.#tabs.current !== 'tab-whispers') this.#tabs.choose('tab-whispers');
    announce(`Whispered to ${name}.`);
  }

  #choose(name: string): void {
    openPerson(name, {
      friends: this.#friends,
      whisper: (to) => {
        if (!this.#isOpen) this.open();
        this.#tabs.choose('tab-whispers');
        this.#whispers.open(to);
        this.#line.focus();
      },
    });
  }

  #turned(): void {
    part('chat').hidden = this.#tabs.current === 'tab-friends';
    if (this.#tabs.current === 'tab-whispers') this.#whispers.seen();
    if (this.#tabs.current === 'tab-here') this.#here.toEnd();
    if (this.#tabs.current === 'tab-friends') {
      this.#friends.refresh().catch((error: unknown) => this.#refused(inWords(error)));
    }
    this.#aim();
  }

  /** The line says where it goes. */
  #aim(): void {
    const { partner } = this.#whispers;
    const toOne = this.#tabs.current === 'tab-whispers' && partner !== '';
    const words = toOne ? `Whisper to ${partner}` : 'Say something';
    this.#line.placeholder = `${words}…`;
    this.#line.setAttribute('aria-label', words);
    this.#count('whispers-new', this.#whispers.unread);
  }

  #count(id: string, count: number): void {
    part(id).textContent = String(count);
    part(id).hidden = count === 0;
    const all = ['whispers-new', 'friends-new'].reduce((sum, each) => sum + Number(part(each).textContent), 0);
    part('talk-new').textContent = String(all);
    part('talk-new').hidden = all === 0;
  }

  /** A line over the land, which fades. */
  #float(from: string, text: string): void {
    const log = part('log');
    const line = make('p', '', text);
    line.prepend(make('b', '', from === '♥' ? '♥ ' : `${from}: `));
    log.append(line);
    while (log.children.length > 5) log.firstElementChild?.remove();
  }
}
