/** By socket.io: what changes comes by itself. */
import { connect, type MirrorObject } from 'roost/client';
import { resumeStorage } from '../parts/kept.ts';
import type { Entered, Heard, Open, Params, Status, Wire } from './wire.ts';

export class LiveWire implements Wire {
  readonly kind = 'live';
  readonly #client = connect({ storage: resumeStorage });
  /** The character that this connection began with. */
  #takenBack: Entered | undefined;

  constructor(heard: Heard) {
    const client = this.#client;
    const look = (object: MirrorObject) => {
      // What the mirror keeps goes on changing; a board that was shown does not.
      if (object.kind === 'board')
        heard.board({ id: object.id, state: structuredClone({ ...object.state }) as unknown as Open });
    };
    client.on('appear', look);
    client.on('change', (object, keys) => keys.includes('state') && look(object));
    client.on('snapshot', () => {
      for (const object of client.objects.values()) look(object);
    });
    client.on('connect', () => {
      this.#takenBack = undefined;
      heard.up();
    });
    client.on('resumed', (entered) => {
      this.#takenBack = entered;
    });
    client.on('disconnect', ({ reason, again }) => heard.down(reason, !again));
    client.on('unreachable', ({ reason, again }) => heard.down(reason, !again));
    client.on('zone', ({ state }) => {
      if (state === 'recovering') heard.down('zone.recovering', false);
      if (state === 'running') heard.back();
      if (state === 'closed') heard.out();
    });
    client.listen('match', (status) => heard.status(status as Status));
  }

  call(method: string, params: Params = {}): Promise<unknown> {
    return this.#client.call(method, params);
  }

  choose(character: string): Promise<unknown> {
    return this.#client.choose(character);
  }

  async enter(ticket: string, name: string): Promise<Entered> {
    const there = this.#takenBack;
    this.#takenBack = undefined;
    if (there !== undefined) return there;
    const { zone } = (await this.call('match.enter', name === '' ? { ticket } : { ticket, name })) as Entered;
    // Once more by the library, which then comes back by itself.
    return this.#client.enter(zone);
  }

  async leave(): Promise<void> {
    await this.#client.leave();
  }

  async renew(): Promise<void> {
    await this.#client.reconnect();
  }

  close(): void {
    this.#client.close();
  }
}
