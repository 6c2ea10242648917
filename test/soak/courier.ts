/** A player who carries a gem from zone to zone, and looks for it where it has been lost. */
import { CallError } from '../../core/client/client.ts';
import { Player, type Setting } from './player.ts';
import { cameTrue, sleep } from './wait.ts';

/** A trip that takes longer is looked at anew: the world was elsewhere. */
const tripMs = 15_000;

export class Courier extends Player {
  readonly #gem: string;
  readonly #zones: readonly string[];
  #asked = 0;

  constructor(setting: Setting, name: string, gem: string, zones: readonly string[]) {
    super(setting, name, zones[0] ?? '');
    this.#gem = gem;
    this.#zones = zones;
  }

  override async start(): Promise<void> {
    await super.start();
    this.run(() => this.#step());
  }

  /** Whether it has its gem in its hands. */
  get carries(): boolean {
    const gem = this.#seen;
    return gem !== undefined && gem.holder === this.client.self?.id;
  }

  get #seen() {
    return this.find('gem', ({ name }) => name === this.#gem);
  }

  async #step(): Promise<void> {
    await this.untilReady();
    if (!this.ready) return;
    const { client, ledger } = this;
    try {
      const gem = this.#seen;
      if (gem === undefined) return await this.#search();
      const known = ledger.gems.get(this.#gem);
      if (known !== undefined && known !== gem.id) ledger.wrong('duplicate', `${this.#gem} is ${known} and ${gem.id}`);
      ledger.gems.set(this.#gem, gem.id);
      if (!this.carries) await client.act(gem.id, 'take', {}, { once: `take-${this.name}-${this.#asked++}` });
      else await this.#carry();
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      ledger.refused(error.code);
      await sleep(this.random.between(100, 500));
    }
  }

  async #carry(): Promise<void> {
    const { client } = this;
    const target = this.random.pick(this.#zones.filter((zone) => zone !== client.zone));
    const self = client.self?.id ?? '';
    await client.act(self, 'go', { zone: target });
    const there = () => client.zone === target && this.ready && this.carries;
    if (await cameTrue(there, tripMs)) this.ledger.trips++;
    await sleep(this.random.between(100, 1500));
  }

  /** Into another zone, at most one in a second: what a lost character carried lies where it stood. */
  async #search(): Promise<void> {
    await sleep(1000);
    if (!this.ready || this.#seen !== undefined) return;
    const next = this.#zones[(this.#zones.indexOf(this.client.zone ?? '') + 1) % this.#zones.length];
    if (next !== undefined) await this.visit(next);
  }
}
