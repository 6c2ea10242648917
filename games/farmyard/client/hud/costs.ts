import type { Client } from 'roost/client';
import { make, part } from './page.ts';

/** What of `host.stats` is shown. */
type Pace = number;
type KindCost = {
  readonly kind: string;
  readonly build: string;
  readonly cpuMs: number;
  readonly objects: number;
  readonly stateBytes: number;
  readonly messages: number;
  readonly spawns: number;
  readonly every: Pace;
};
type ObjectCost = {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly cpuMs: number;
  readonly every: Pace;
};
type Stats = {
  readonly zones: readonly {
    readonly zone: string;
    readonly costs?: readonly KindCost[];
    readonly objectCosts?: readonly ObjectCost[];
  }[];
  /** Ranked over all zones, in words for who sits at the machine. */
  readonly kinds?: readonly { readonly words?: string }[];
};

type Column = { readonly title: string; readonly of: (cost: KindCost) => number; readonly show: (n: number) => string };

/** Costs are of the last five seconds. */
const overS = 5;
const everyMs = 2_000;
const rowsMost = 8;
const objectsMost = 4;

const itself = new Map([
  ['@roost', 'Roost itself'],
  ['@zone', 'the zone itself'],
]);

const percent = (ms: number) => `${((ms / overS / 1000) * 100).toFixed(1)} %`;
const columns: readonly Column[] = [
  { title: 'CPU', of: ({ cpuMs }) => cpuMs, show: percent },
  { title: 'State', of: ({ stateBytes }) => stateBytes, show: (n) => `${(n / 1024).toFixed(1)} KB` },
  { title: 'Messages', of: ({ messages }) => messages, show: String },
  { title: 'Spawns', of: ({ spawns }) => spawns, show: String },
];

/** The table of what spends the server's time here: kinds and objects, the dearest first. */
export class Costs {
  readonly #client: Client;
  #by = 0;
  #askedMs = 0;
  #stats: Stats | undefined;
  /** The object that was picked in the table, to be ringed in the picture. */
  picked: string | undefined;

  constructor(client: Client) {
    this.#client = client;
    const head = part('c-head');
    columns.forEach(({ title }, at) => {
      const cell = make('th', '');
      cell.setAttribute('scope', 'col');
      const button = make('button', '', title) as HTMLButtonElement;
      button.type = 'button';
      button.addEventListener('click', () => {
        this.#by = at;
        this.#draw();
      });
      cell.append(button);
      head.append(cell);
    });
  }

  /** Asks anew when it is time. Call it while the panel is open. */
  refresh(): void {
    const nowMs = performance.now();
    if (nowMs - this.#askedMs < everyMs) return;
    this.#askedMs = nowMs;
    this.#client.call('host.stats').then(
      (stats) => {
        this.#stats = stats as unknown as Stats;
        this.#draw();
      },
      () => undefined, // The connection is gone for a moment: the numbers stay.
    );
  }

  #draw(): void {
    const here = this.#stats?.zones.find(({ zone }) => zone === this.#client.zone);
    const costs = here?.costs ?? [];
    part('costs').hidden = costs.length === 0;
    if (costs.length === 0) return;
    const words = this.#stats?.kinds?.[0]?.words ?? inWords(costs);
    part('c-words').textContent = words.replaceAll(' %', '\u00a0%');
    const { of } = columns[this.#by] ?? { of: () => 0 };
    const ranked = [...costs].sort((a, b) => of(b) - of(a)).slice(0, rowsMost);
    const most = Math.max(0.001, ...ranked.map(of));
    part('c-kinds').replaceChildren(...ranked.map((cost) => toRow(cost, of(cost) / most, this.#by)));
    part('c-head')
      .querySelectorAll('th')
      .forEach((cell, at) => {
        // The first column is the kind.
        if (at === this.#by + 1) cell.setAttribute('aria-sort', 'descending');
        else cell.removeAttribute('aria-sort');
      });
    this.#drawObjects(here?.objectCosts ?? []);
  }

  #drawObjects(costs: readonly ObjectCost[]): void {
    const seen = costs.filter(({ id }) => this.#client.objects.has(id)).slice(0, objectsMost);
    part('c-objects').replaceChildren(
      ...seen.map((cost) => {
        const { id, name, kind, cpuMs, every } = cost;
        const button = make('button', '', `${name || kind} · ${percent(cpuMs)}${paceOf(every)}`) as HTMLButtonElement;
        button.type = 'button';
        button.title = 'Show it';
        button.setAttribute('aria-pressed', String(this.picked === id));
        button.addEventListener('click', () => {
          this.picked = this.picked === id ? undefined : id;
          this.#drawObjects(costs);
        });
        return button;
      }),
    );
  }
}

function toRow(cost: KindCost, share: number, by: number): HTMLElement {
  const row = make('tr', cost.every === 1 ? '' : 'slowed');
  const kind = make('th', '', itself.get(cost.kind) ?? cost.kind);
  kind.setAttribute('scope', 'row');
  kind.title = cost.build === '' ? '' : `build ${cost.build}, ${cost.objects} objects`;
  if (cost.build !== '') kind.append(make('small', 'mono', `${cost.build.slice(0, 6)}${paceOf(cost.every)}`));
  row.append(kind);
  columns.forEach(({ of, show }, at) => {
    const cell = make('td', at === by ? 'ranked' : '', show(of(cost)));
    if (at === by) cell.style.setProperty('--share', `${Math.round(share * 100)}%`);
    row.append(cell);
  });
  return row;
}

/** What its budget has come to. */
function paceOf(every: Pace): string {
  if (every === 1) return '';
  return every === 0 ? ' · rests' : ` · slowed ${every} times`;
}

function inWords(costs: readonly KindCost[]): string {
  const dearest = [...costs].sort((a, b) => b.cpuMs - a.cpuMs)[0];
  return dearest === undefined ? '' : `${dearest.kind} spends ${percent(dearest.cpuMs)} of a core here.`;
}
