/** A player who stays in a zone: walks, talks, deposits, winds timers, and calls the plugin. */

import { CallError } from '../../core/client/client.ts';
import type { Json } from '../../core/contract/content.ts';
import type { Fuse, Lane } from './ledger.ts';
import { Player, type Setting } from './player.ts';
import { cameTrue, sleep } from './wait.ts';

const lanesEach = 2;
/** A timer may be so late, in seconds: its zone was away, and so was the one who looks. */
export const fusePatienceS = 45;

export class Walker extends Player {
  readonly #bank: readonly Lane[];
  readonly #tally: Lane;
  #fuses = 0;

  constructor(setting: Setting, name: string, home: string) {
    super(setting, name, home);
    const { ledger } = setting;
    this.#bank = Array.from({ length: lanesEach }, (_, i) => ledger.lane('lanes', `${name}-${i}`, home));
    this.#tally = ledger.lane('tallies', name);
  }

  override async start(): Promise<void> {
    await super.start();
    this.run(() => this.#walk());
    this.run(() => this.#talk());
    for (const lane of this.#bank) this.run(() => this.#deposit(lane));
    this.run(() => this.#count());
    this.run(() => this.#time());
  }

  async #walk(): Promise<void> {
    if (this.ready) this.client.input({ x: this.random.between(-1, 1), y: this.random.between(-1, 1) });
    await sleep(this.random.between(50, 400));
  }

  async #talk(): Promise<void> {
    await sleep(this.random.between(1000, 4000));
    if (!this.ready) return;
    try {
      await this.client.say(`It is ${Math.round(this.ledger.seconds)} s.`);
      this.ledger.lines++;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.ledger.refused(error.code);
    }
  }

  async #deposit(lane: Lane): Promise<void> {
    const k = lane.acked + 1;
    lane.sent = k;
    const once = `${lane.name}:${k}`;
    const done = await this.insist(
      async () => this.act(this.#idOf('bank'), 'deposit', { lane: lane.name, k }, once),
      async () => {
        const last = await this.client.act(this.#idOf('bank'), 'last', { lane: lane.name });
        return resultOf(last) === k ? k : undefined;
      },
    );
    if (done !== undefined) lane.acked = k;
    await sleep(this.random.between(50, 200));
  }

  async #count(): Promise<void> {
    const lane = this.#tally;
    const k = lane.acked + 1;
    lane.sent = k;
    // Once more is the same: the table has each number once.
    const again = async () => undefined;
    if ((await this.insist(() => this.client.call('tally.add', { lane: lane.name, k }), again)) !== undefined)
      lane.acked = k;
    await sleep(this.random.between(200, 800));
  }

  /** One timer from its start to its end. */
  async #time(): Promise<void> {
    const seconds = Math.round(this.random.between(0.5, 5) * 10) / 10;
    const label = `${this.name}:${this.#fuses++}`;
    const fuse: Fuse = { label, zone: this.home, id: null, dueS: Number.POSITIVE_INFINITY, swept: false };
    this.ledger.fuses.set(label, fuse);
    const wound = await this.insist(
      async () => resultOf(await this.act(this.#idOf('clock'), 'wind', { label, seconds }, label)) ?? null,
      async () => this.find('fuse', ({ state }) => state.label === label)?.id,
    );
    if (wound === undefined) return;
    const id = String(wound.result);
    fuse.id = id;
    fuse.dueS = this.ledger.clock.seconds + seconds;
    this.ledger.fusesWound++;
    const burnt = () => Number(this.client.objects.get(id)?.state.burnt ?? 0) > 0;
    await cameTrue(() => burnt() || this.stopping, (seconds + fusePatienceS) * 1000);
    if (!burnt()) return;
    await this.#sweep(fuse, id);
    await sleep(this.random.between(0, 2000));
  }

  async #sweep(fuse: Fuse, id: string): Promise<void> {
    const swept = await this.insist(
      async () => {
        // An object that is gone is no longer in view, so that a repeat of the call cannot find it.
        if (!this.client.objects.has(id)) return null;
        return await this.act(id, 'sweep', {}, `${fuse.label}:sweep`);
      },
      async () => undefined,
    );
    if (swept === undefined) return;
    fuse.swept = true;
    // Without an answer nobody was promised that it is gone.
    if (swept.result === null) return;
    this.ledger.swept.add(id);
    this.ledger.fuses.delete(fuse.label);
    this.ledger.fusesSwept++;
  }

  /** The one of its kind in the zone. @throws CallError when it is not in view just now */
  #idOf(kind: string): string {
    const found = this.client.zone === this.home ? this.find(kind) : undefined;
    if (found === undefined) throw new CallError('object.not-found', `${kind} is not in view`);
    return found.id;
  }
}

/** What the script gave back, of the answer of `object.call`. */
export function resultOf(answer: Json): Json | undefined {
  return typeof answer === 'object' && answer !== null && 'result' in answer ? answer.result : undefined;
}
