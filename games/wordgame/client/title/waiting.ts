/** What one sees while somebody is looked for. */
import { announce, make, part } from '/farmyard/hud/page.ts';
import { Dialog } from '/farmyard/parts/dialog.ts';
import type { Status } from '../wire/wire.ts';

type Asked = { readonly wren: () => void; readonly cancel: () => void };

/** Seconds after which a partner of straw is offered: to who waits for anybody, and for a friend. */
const wrenAfterS = { anybody: 6, friend: 45 };

export class Waiting {
  #code = '';
  #since = 0;

  #isKnown = false;

  constructor(asked: Asked) {
    part('waiting-wren').addEventListener('click', asked.wren);
    part('cancel').addEventListener('click', asked.cancel);
    part('share').addEventListener('click', () => void this.#share());
    setInterval(() => this.#tick(), 500);
  }

  /** Whether it is known how it stands. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** It is not known yet how it stands. */
  ask(title: string): void {
    this.#isKnown = false;
    part('waiting-title').textContent = title;
    for (const id of ['waiting-text', 'invite', 'waiting-wren', 'cancel']) part(id).hidden = true;
  }

  show({ party, waited, why }: Status): void {
    this.#isKnown = true;
    part('waiting-text').hidden = part('cancel').hidden = false;
    this.#since = performance.now() - waited * 1000;
    this.#code = party?.code ?? '';
    part('invite').hidden = this.#code === '';
    if (part('code').textContent !== this.#code)
      part('code').replaceChildren(...(this.#code.match(/.{1,4}/g) ?? []).map((group) => make('span', '', group)));
    part('waiting-title').textContent = this.#code === '' ? 'Looking for somebody…' : 'Waiting for your friend…';
    const isGone = why === 'match.partner-gone' || why === 'match.party-gone';
    const soon =
      this.#code === ''
        ? 'If nobody comes, Wren sits down with you after a while.'
        : 'You play as soon as both of you are here.';
    const news = isGone
      ? this.#code === ''
        ? 'Your partner went away. Looking on…'
        : 'Your friend went away. The code is still good.'
      : soon;
    if (part('waiting-text').textContent !== news) part('waiting-text').textContent = news;
    this.#tick();
  }

  #tick(): void {
    if (!this.#isKnown) return;
    const waited = (performance.now() - this.#since) / 1000;
    part('waiting-wren').hidden = waited < (this.#code === '' ? wrenAfterS.anybody : wrenAfterS.friend);
  }

  /** By the device's own way of sharing, else over the clipboard. */
  async #share(): Promise<void> {
    const url = `${location.origin}${location.pathname}#join=${this.#code}`;
    await shareLink(url, part('share'), 'Play a word game with me');
  }
}

/** Hands a link over; the button says what became of it. */
export async function shareLink(url: string, to: HTMLElement, text: string): Promise<void> {
  const isPhone = matchMedia('(pointer: coarse)').matches && navigator.share !== undefined;
  try {
    if (isPhone) await navigator.share({ title: 'Twine', text, url });
    else await navigator.clipboard.writeText(url);
    announce(isPhone ? '' : 'The link is copied.');
    to.classList.add('done');
    setTimeout(() => to.classList.remove('done'), 1500);
  } catch (error) {
    // The person closed the sharing.
    if (error instanceof DOMException && error.name === 'AbortError') return;
    // No clipboard without https: the link is shown instead.
    const dialog = new Dialog('The link', 'narrow');
    dialog.body.append(make('p', 'link-text', url));
    dialog.open();
  }
}
