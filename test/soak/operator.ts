/** Who runs the node: hears what becomes of saved scripts, and lifts what stands against them. */

import { CallError } from '../../core/client/client.ts';
import type { WatchMessage } from '../../core/contract/protocol.ts';
import { Player, type Setting } from './player.ts';

/** Older messages are of no use. */
const keptMost = 500;

type Told = { readonly number: number; readonly message: WatchMessage };

export class Operator extends Player {
  /** What was told, the newest last. */
  #told: Told[] = [];
  #count = 0;
  /** Whether it is told, and how often that began: what happened in between nobody has told. */
  watching = false;
  watches = 0;

  constructor(setting: Setting, home: string) {
    super(setting, 'Operator', home);
    this.client.on('connect', () => void this.#watch());
    this.client.on('disconnect', () => {
      this.watching = false;
    });
    this.client.on('watch', (message) => {
      this.#told.push({ number: this.#count++, message });
      if (this.#told.length > keptMost) this.#told = this.#told.slice(-keptMost / 2);
    });
  }

  /** The number of the next message. */
  get next(): number {
    return this.#count;
  }

  heard(from: number, fits: (message: WatchMessage) => boolean): WatchMessage | undefined {
    return this.#told.find(({ number, message }) => number >= from && fits(message))?.message;
  }

  /** Lifts all that stands against a script; most often nothing does. */
  async lift(path: string): Promise<void> {
    await this.#try('host.lift', { path });
  }

  /** Which build of the plugin answers; undefined while none does. */
  async tallyBuild(): Promise<number | undefined> {
    return (await this.#try('tally.build', {})) as number | undefined;
  }

  /** Lets the imp of its zone do harm. False when it is not in view, or rests. */
  async arm(how: string): Promise<boolean> {
    const imp = this.find('imp');
    return (
      imp !== undefined &&
      (await this.#try('object.call', { id: imp.id, method: 'arm', params: { how } })) !== undefined
    );
  }

  async #watch(): Promise<void> {
    if ((await this.#try('host.watch', {})) === undefined)
      return void setTimeout(() => void this.#watch(), 500).unref();
    this.watching = true;
    this.watches++;
  }

  async #try(method: string, params: Parameters<Player['client']['call']>[1]): Promise<unknown> {
    try {
      return await this.client.call(method, params);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.ledger.refused(error.code);
      return undefined;
    }
  }
}
