import type { Camera } from '../world/camera.ts';
import { heightOf } from '../world/cast.ts';
import type { Figure } from '../world/figure.ts';
import { make, part } from './page.ts';

type Bubble = { readonly element: HTMLElement; until: number };
const personal = new Set(['farmer', 'farmhand']);
const unnamed = new Set([
  'crate',
  'hay',
  'barrel',
  'egg',
  'gate',
  'portal',
  'goal',
  'scoreboard',
  'basket',
  'sign',
  'ball',
]);

/** Names, speech bubbles and the word over what can be used: page elements that follow figures. */
export class Labels {
  readonly #host = part('labels');
  readonly #names = new Map<string, HTMLElement>();
  readonly #bubbles = new Map<string, Bubble>();
  readonly #word = make('div', 'word');
  readonly #key = make('kbd', '', 'E');
  readonly #verb = make('span', '');

  constructor() {
    this.#word.append(this.#key, this.#verb);
    this.#word.hidden = true;
    this.#host.append(this.#word);
  }

  /** Shows what an object says; a new line takes the place of the last one. `secret`: told to this player alone. */
  say(id: string, text: string, t: number, small: boolean, secret = false): void {
    this.#bubbles.get(id)?.element.remove();
    const element = make('div', `bubble${small ? ' small' : ''}${secret ? ' mine-only' : ''}`, text);
    this.#host.append(element);
    this.#bubbles.set(id, { element, until: t + 2.2 + Math.min(7, text.length * 0.06) });
    if (this.#bubbles.size > 40) this.#drop(this.#bubbles.keys().next().value ?? '');
  }

  /** Brings every label to its figure. */
  update(
    figures: Iterable<Figure>,
    me: Figure | undefined,
    camera: Camera,
    t: number,
    use: { target: Figure; verb: string } | undefined,
  ): void {
    const seen = new Map<string, Figure>();
    for (const figure of figures) {
      seen.set(figure.thing.id, figure);
      this.#name(figure, me, camera);
    }
    for (const [id, element] of this.#names) {
      if (seen.has(id)) continue;
      element.remove();
      this.#names.delete(id);
    }
    for (const [id, bubble] of this.#bubbles) {
      const figure = seen.get(id);
      if (figure === undefined || t > bubble.until) this.#drop(id);
      else this.#place(bubble.element, figure, camera, this.#names.has(id) ? 26 : 12, true);
    }
    this.#word.hidden = use === undefined;
    if (use !== undefined) {
      if (this.#verb.textContent !== use.verb) this.#verb.textContent = use.verb;
      this.#place(
        this.#word,
        use.target,
        camera,
        this.#bubbles.has(use.target.thing.id) ? -1 : this.#names.has(use.target.thing.id) ? 24 : 8,
        true,
      );
    }
  }

  clear(): void {
    for (const id of [...this.#bubbles.keys()]) this.#drop(id);
  }

  #name(figure: Figure, me: Figure | undefined, camera: Camera): void {
    const { thing } = figure;
    const near = me !== undefined && Math.hypot(figure.x - me.x, figure.y - me.y) < 2.6;
    const wanted =
      thing.name !== '' && thing.holder === null && !unnamed.has(thing.kind) && (personal.has(thing.kind) || near);
    let element = this.#names.get(thing.id);
    if (!wanted) {
      element?.remove();
      this.#names.delete(thing.id);
      return;
    }
    if (element === undefined) {
      element = make('div', 'name');
      this.#host.append(element);
      this.#names.set(thing.id, element);
    }
    if (element.textContent !== thing.name) element.textContent = thing.name;
    element.classList.toggle('mine', figure === me);
    this.#place(element, figure, camera, 4, false);
  }

  #place(element: HTMLElement, figure: Figure, camera: Camera, above: number, inside: boolean): void {
    const stack = figure.gesture === '' && figure.carries > 0 ? 0.3 : 0;
    const at = camera.toScreen(figure.x, figure.y - (heightOf(figure.thing) * figure.thing.scale + stack));
    const feet = camera.toScreen(figure.x, figure.y + 0.2).y;
    const far = at.x < -80 || at.y < -30 || at.x > camera.width + 80 || at.y > camera.height + 80;
    element.style.visibility = far ? 'hidden' : '';
    const half = element.offsetWidth / 2;
    const x = inside && !far ? Math.min(camera.width - half - 6, Math.max(half + 6, at.x)) : at.x;
    const y = above < 0 ? feet + element.offsetHeight + 6 : at.y - above;
    element.style.transform = `translate(${Math.round(x - half)}px, ${Math.round(y - element.offsetHeight)}px)`;
  }

  #drop(id: string): void {
    this.#bubbles.get(id)?.element.remove();
    this.#bubbles.delete(id);
  }
}
