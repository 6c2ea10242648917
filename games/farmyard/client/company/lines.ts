import { button, make } from '../hud/page.ts';

export type Line = {
  readonly from: string;
  readonly text: string;
  /** Said by this player. */
  readonly mine?: boolean;
  /** Unix seconds. */
  readonly at: number;
  /** To whom or how: `to Ben`. */
  readonly note?: string;
};

const most = 100;

/** Lines of a talk, the newest at the bottom; the names of others lead to what can be done with them. */
export class Lines {
  readonly #list: HTMLElement;
  readonly #chosen: (name: string) => void;

  constructor(list: HTMLElement, chosen: (name: string) => void) {
    this.#list = list;
    // To be scrolled with keys.
    list.tabIndex = 0;
    this.#chosen = chosen;
  }

  add(line: Line): void {
    const { scrollTop, clientHeight, scrollHeight } = this.#list;
    const atEnd = scrollTop + clientHeight > scrollHeight - 30;
    this.#list.append(this.#item(line));
    while (this.#list.children.length > most) this.#list.firstElementChild?.remove();
    if (atEnd || line.mine) this.toEnd();
  }

  show(lines: readonly Line[]): void {
    this.#list.replaceChildren(...lines.map((line) => this.#item(line)));
    this.toEnd();
  }

  toEnd(): void {
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  #item({ from, text, mine = false, at, note = '' }: Line): HTMLLIElement {
    const item = make('li', mine ? 'line mine' : 'line');
    const who = mine ? make('b', '', from) : button('who', from, () => this.#chosen(from));
    const when = new Date(at * 1000);
    const time = make('time', '', when.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
    time.dateTime = when.toISOString();
    item.append(who, ...(note === '' ? [] : [make('span', 'note', note)]), time, make('span', 'text', text));
    return item;
  }
}
