/** By socket.io: what changes comes by itself. */
import { connect, type MirrorObject } from 'roost/client';
import type { Heard, Open, Params, Status, Wire } from './wire.ts';

export class LiveWire implements Wire {
  readonly kind = 'live';
  readonly #client = connect();

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
    client.on('connect', () => heard.up());
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

  entered(): void {}

  left(): void {}

  renew(): Promise<void> {
    return this.#client.reconnect();
  }

  close(): void {
    this.#client.close();
  }
}
