import { button, make, part } from '../hud/page.ts';
import { type Line, Lines } from './lines.ts';

const mostLines = 60;
const mostPartners = 12;

/** Talks between two, one for each partner. They live as long as the page. */
export class Whispers {
  readonly #talks = new Map<string, Line[]>();
  readonly #unread = new Set<string>();
  readonly #lines: Lines;
  readonly #partners = part('partners');
  readonly #changed: () => void;
  #partner = '';

  /** @param changed  Somebody else is talked with, or something is new or read. */
  constructor(chosen: (name: string) => void, changed: () => void) {
    this.#lines = new Lines(part('whisper-lines'), chosen);
    this.#changed = changed;
  }

  /** With whom; `''` before the first. */
  get partner(): string {
    return this.#partner;
  }

  get unread(): number {
    return this.#unread.size;
  }

  /** A whisper came or went. `seen`: it stands before the player's eyes. */
  add(partner: string, line: Line, seen: boolean): void {
    const lines = this.#talks.get(partner) ?? [];
    this.#talks.delete(partner);
    this.#talks.set(partner, [...lines, line].slice(-mostLines));
    const [oldest] = this.#talks.keys();
    if (this.#talks.size > mostPartners && oldest !== undefined) this.#talks.delete(oldest);
    if (this.#partner === '' || line.mine) this.#partner = partner;
    if (!(seen && this.#partner === partner)) this.#unread.add(partner);
    if (line.mine) this.#unread.delete(partner);
    this.#show();
  }

  open(partner: string): void {
    if (partner !== '' && !this.#talks.has(partner)) this.#talks.set(partner, []);
    this.#partner = partner;
    this.seen();
  }

  /** The talk that is shown was read. */
  seen(): void {
    this.#unread.delete(this.#partner);
    this.#show();
  }

  forget(): void {
    this.#talks.clear();
    this.#unread.clear();
    this.#partner = '';
    this.#show();
  }

  #show(): void {
    const held = this.#partners.contains(document.activeElement);
    const chips = [...this.#talks.keys()].reverse().map((name) => {
      const chip = button('partner', name, () => this.open(name));
      chip.setAttribute('aria-pressed', String(name === this.#partner));
      if (this.#unread.has(name)) {
        chip.append(make('span', 'dot new'), make('span', 'hint', ', new'));
      }
      return chip;
    });
    this.#partners.replaceChildren(...chips);
    this.#partners.hidden = chips.length === 0;
    if (held) this.#partners.querySelector<HTMLElement>('[aria-pressed=true]')?.focus();
    this.#lines.show(this.#talks.get(this.#partner) ?? []);
    this.#changed();
  }
}
