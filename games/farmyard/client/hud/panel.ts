import type { Client } from 'roost/client';
import { Costs } from './costs.ts';
import { make, part } from './page.ts';

type News = {
  readonly what: string;
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
};

/** The side panel for the curious: what the connection does, and what happened to the scripts. */
export class Panel {
  readonly #client: Client;
  readonly #costs: Costs;
  readonly #button = part('curious');
  readonly #panel = part('panel');
  #frames = 0;
  #since = 0;

  constructor(client: Client) {
    this.#client = client;
    this.#costs = new Costs(client);
    this.#button.addEventListener('click', () => this.toggle());
    client.on('watch', (news) => this.#report(news));
  }

  /** The object that was picked among the dearest, while the panel is open. */
  get picked(): string | undefined {
    return this.#panel.hidden ? undefined : this.#costs.picked;
  }

  toggle(): void {
    this.#panel.hidden = !this.#panel.hidden;
    this.#button.setAttribute('aria-expanded', String(!this.#panel.hidden));
    if (!this.#panel.hidden) void this.#client.ping();
  }

  /** Call it every frame; it writes twice a second, and only when it is open. `t` counts seconds. */
  update(t: number): void {
    this.#frames++;
    if (t - this.#since < 0.5) return;
    const perSecond = Math.round(this.#frames / (t - this.#since));
    this.#frames = 0;
    this.#since = t;
    if (this.#panel.hidden) return;
    if (this.#client.zone !== undefined) this.#costs.refresh();
    const { tick, pingMs, bytesPerSecond, objects, resyncs } = this.#client.stats;
    const write = (id: string, text: string) => {
      part(`p-${id}`).textContent = text;
    };
    write('zone', this.#client.zone ?? '–');
    write('tick', `${tick} (${this.#client.tickRate} a second)`);
    write('ping', `${Math.round(pingMs)} ms`);
    write(
      'bytes',
      bytesPerSecond < 10_000 ? `${Math.round(bytesPerSecond)} B/s` : `${(bytesPerSecond / 1024).toFixed(1)} KB/s`,
    );
    write('objects', `${objects} objects`);
    write('frames', `${perSecond} a second`);
    write('resyncs', resyncs === 0 ? 'never needed' : `${resyncs} times`);
  }

  /** Asks for news of scripts; only a node in development gives them. */
  async watch(): Promise<void> {
    await this.#client.call('host.watch').catch((error: unknown) => {
      const quiet = make('li', 'quiet', 'News of scripts are for development only.');
      if (error instanceof Error) part('p-news').replaceChildren(quiet);
    });
  }

  #report(news: News): void {
    if (news.what === 'log') return;
    const where =
      news.line === undefined || news.line === 0 ? news.path : `${news.path}:${news.line}:${news.column ?? 0}`;
    const item = make('li', news.what === 'reload' ? 'reload' : 'error');
    item.append(make('span', 'mono', where), make('div', '', news.message));
    const list = part('p-news');
    list.querySelector('.quiet')?.remove();
    list.prepend(item);
    while (list.children.length > 5) list.lastElementChild?.remove();
    this.#button.classList.toggle('alarm', news.what !== 'reload');
  }
}
