/** Everybody walks: what is measured is the time from an input until a delta says that a tick has used it. */
import type { Client } from '../../client/client.ts';
import { defineScenario } from '../load.ts';
import { RequestError } from '../request-error.ts';
import { zoneOf } from './zones.ts';

/** No tick used the input for so long. */
const ackLimitMs = 10_000;

export default defineScenario({
  doc: 'Guests walk about in a zone. An input counts from when it was due until the delta of the tick that used it.',
  rate: 5,
  options: {
    /** Several with commas: players are spread over them. Empty: where the node's game starts. */
    zone: '',
  },
  async player(player) {
    const client = await player.connect();
    let resyncs = 0;
    client.on('snapshot', () => player.count('snapshots'));
    client.on('delta', () => {
      player.count('deltas');
      // The view differed from what its checksum says: never, on a server in order.
      if (client.stats.resyncs > resyncs) player.error('load.wrong-view', 'the view differs from its checksum');
      resyncs = client.stats.resyncs;
    });
    await player.call('zone.enter', { ...zoneOf(player), name: player.name });
    return {
      step() {
        const angle = player.random.between(0, 2 * Math.PI);
        return player.time('input', () => used(client, { x: Math.cos(angle), y: Math.sin(angle) }));
      },
      end: () => client.leave(),
    };
  },
});

/** Resolves with the delta whose tick used the input. */
function used(client: Client, input: { readonly x: number; readonly y: number }): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = setTimeout(() => reject(new RequestError('load.unused', 'no tick used the input')), ackLimitMs);
  const seq = client.input(input);
  const stops = [
    client.on('delta', () => client.ack >= seq && resolve()),
    // Another zone counts anew, and did not get what was on its way to the one before.
    client.on('snapshot', () => resolve()),
    client.on('disconnect', ({ reason }) => reject(new RequestError('load.unused', reason))),
  ];
  return promise.finally(() => {
    clearTimeout(late);
    for (const stop of stops) stop();
  });
}
