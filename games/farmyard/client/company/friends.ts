import { CallError, type Client, type MirrorObject } from 'roost/client';
import { announce, button, make, part } from '../hud/page.ts';
import { Field, needed } from '../parts/field.ts';
import { Form } from '../parts/form.ts';
import { inWords } from '../parts/words.ts';

type Named = { readonly name: string };
type Friend = Named & { readonly online: boolean };
type Request = Named & { readonly text: string | null };
type List = {
  readonly friends: readonly Friend[];
  /** Who wants to be one. */
  readonly requests: readonly Request[];
  /** Who was asked and has not answered. */
  readonly asked: readonly Named[];
};

const nobody: List = { friends: [], requests: [], asked: [] };
/** Between two looks at the lists, in milliseconds: the server answers one a second. */
const restMs = 1200;

type Asked = {
  readonly chosen: (name: string) => void;
  /** How many requests wait for an answer. */
  readonly waiting: (count: number) => void;
};

/** The buddy list: friends with a dot for who is here, requests, and everybody who is online. */
export class Friends {
  readonly #client: Client;
  readonly #asked: Asked;
  readonly #lists = make('div');
  readonly #wrong = make('p', 'wrong');
  readonly #name = new Field({ id: 'friend-name', label: 'Ask somebody by name', most: 16, check: needed('a name') });
  readonly #form: Form;
  #list: List = nobody;
  #blocked: readonly string[] = [];
  #online: readonly string[] = [];
  #canKeep = false;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #next: Promise<void> | undefined;

  constructor(client: Client, asked: Asked) {
    this.#client = client;
    this.#asked = asked;
    this.#wrong.setAttribute('role', 'alert');
    this.#form = new Form({
      id: 'friend-form',
      submit: 'Ask to be friends',
      fields: [this.#name],
      send: async () => {
        await this.add(this.#name.value);
        this.#form.clear();
      },
      about: { 'friends.unknown': this.#name, 'friends.yourself': this.#name },
    });
    part('friends').append(this.#wrong, this.#lists, this.#form.element);
  }

  /** Whether this player has an account, which keeps friends. */
  get canKeep(): boolean {
    return this.#canKeep;
  }

  isFriend(name: string): boolean {
    return this.#list.friends.some((friend) => friend.name === name);
  }

  isBlocked(name: string): boolean {
    return this.#blocked.includes(name);
  }

  /** Reads everything anew; asked again at once, a moment later, once. */
  refresh(): Promise<void> {
    this.#next ??= this.#look();
    return this.#next;
  }

  async add(name: string): Promise<void> {
    await this.#change('add', name, `${name} is asked.`);
  }

  async remove(name: string): Promise<void> {
    await this.#change('remove', name, `You and ${name} are friends no more.`);
  }

  async block(name: string): Promise<void> {
    await this.#change('block', name, `You hear nothing of ${name} any more.`);
  }

  async unblock(name: string): Promise<void> {
    await this.#change('unblock', name, `You hear ${name} again.`);
  }

  async #look(): Promise<void> {
    const waitMs = Math.max(0, this.#lookedMs + restMs - performance.now());
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    this.#lookedMs = performance.now();
    this.#next = undefined;
    const [list, blocked, online] = await Promise.all([
      this.#ask<List>('friends.list'),
      this.#ask<{ readonly blocked: readonly Named[] }>('friends.blocked'),
      this.#ask<{ readonly people: readonly Named[] }>('chat.who'),
    ]);
    this.#canKeep = list !== undefined;
    this.#list = list ?? nobody;
    this.#blocked = (blocked?.blocked ?? []).map(({ name }) => name);
    this.#online = (online?.people ?? []).map(({ name }) => name);
    this.#show(this.#client.self);
    this.#asked.waiting(this.#list.requests.length);
  }

  /** Undefined where there is no such thing, or not for guests. */
  async #ask<T>(method: string): Promise<T | undefined> {
    try {
      return (await this.#client.call(method)) as T;
    } catch (error) {
      if (error instanceof CallError) return undefined;
      throw error;
    }
  }

  async #change(method: string, name: string, done: string): Promise<void> {
    await this.#client.call(`friends.${method}`, { name });
    announce(done);
    await this.refresh();
  }

  #show(me: MirrorObject | undefined): void {
    const { friends, requests, asked } = this.#list;
    const others = this.#online.filter((name) => name !== me?.name);
    const empty = this.#canKeep
      ? 'None yet. Ask somebody!'
      : 'Friends are for who has an account: make one and keep them.';
    const { activeElement } = document;
    const held = this.#lists.contains(activeElement) ? activeElement?.textContent : undefined;
    this.#lists.replaceChildren(
      ...section(
        'They want to be your friend',
        requests.map((request) => this.#request(request)),
      ),
      ...section(
        'Friends',
        friends.map((friend) => this.#friend(friend)),
        empty,
      ),
      ...section(
        'Asked, no answer yet',
        asked.map(({ name }) => this.#named(name)),
      ),
      ...section(
        'Online now',
        others.map((name) => this.#named(name, true)),
        'Nobody but you and the hens.',
      ),
      ...section(
        'Blocked',
        this.#blocked.map((name) => this.#named(name)),
      ),
    );
    this.#form.element.hidden = !this.#canKeep;
    // Who stood on a name stands on it still.
    if (held) [...this.#lists.querySelectorAll('button')].find(({ textContent }) => textContent === held)?.focus();
  }

  #request({ name, text }: Request): HTMLLIElement {
    const item = this.#named(name);
    const answer = (method: string, word: string, done: string) => {
      const made = button('answer', word, () => {
        this.#change(method, name, done).catch((error: unknown) => {
          this.#wrong.textContent = inWords(error);
        });
      });
      made.setAttribute('aria-label', `${word} ${name}`);
      return made;
    };
    item.append(answer('accept', 'Accept', `You and ${name} are friends.`), answer('decline', 'Decline', 'Declined.'));
    if (text !== null) item.title = text;
    return item;
  }

  #friend({ name, online }: Friend): HTMLLIElement {
    const item = this.#named(name, online);
    item.append(make('span', 'note', online ? 'online' : 'away'));
    return item;
  }

  #named(name: string, online?: boolean): HTMLLIElement {
    const item = make('li', 'friend');
    if (online !== undefined) item.append(make('i', online ? 'dot on' : 'dot'));
    item.append(button('who', name, () => this.#asked.chosen(name)));
    return item;
  }
}

/** A heading and its list; nothing where the list is empty and no word stands for that. */
function section(title: string, items: readonly HTMLElement[], empty = ''): HTMLElement[] {
  if (items.length === 0 && empty === '') return [];
  const heading = make('h3', '', title);
  if (items.length === 0) return [heading, make('p', 'small', empty)];
  const list = make('ul');
  list.append(...items);
  return [heading, list];
}
