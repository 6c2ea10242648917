/** A client of Roost: what docs/protocol.md says, with the mirror that the client library has too. */
import type { Delta, Entered, Snapshot } from '../../core/contract/protocol.ts';
import { createFollower, type Mirror } from '../../core/sync/mirror.ts';
import type { Counts, Fail, LoadClient, LoadOptions, Seen } from './client.ts';
import { openWire } from './socketio.ts';

/** The zone's script of row crowd emits it with the time of its tick. */
const beat = '"name":"beat"';

/** @param stamped  Called with the server's Unix time in seconds, where it tells one. */
export async function connectRoost(
  options: LoadOptions,
  decode: boolean,
  fail: Fail,
  stamped: (seconds: number) => void,
): Promise<LoadClient> {
  const counts: Counts = { messages: 0, bytes: 0, last: 0, tick: 0 };
  const mirror = decode ? createFollower() : undefined;

  function receive(text: string, bytes: number): void {
    if (text.startsWith('["delta",')) {
      counts.messages += 1;
      counts.bytes += bytes;
      counts.last = bytes;
      if (text.includes(beat)) stamp(text, stamped);
      if (mirror === undefined) return;
      const [, delta] = JSON.parse(text) as [string, Delta];
      if (mirror.applyDelta(delta)?.sound === false) fail(`the checksum of tick ${delta.t} is wrong`);
      counts.tick = delta.t;
    } else if (text.startsWith('["snapshot",')) {
      const [, snapshot] = JSON.parse(text) as [string, Snapshot];
      mirror?.applySnapshot(snapshot);
      seen.resolve();
    } else if (text.startsWith('["notice",')) {
      fail(`the server says ${text.slice(0, 200)}`);
    }
  }

  const seen = Promise.withResolvers<void>();
  const wire = await openWire(options.url, receive, fail, { moves: 'packed' });
  const answer = (await wire.call('zone.enter', { zone: options.place })) as
    | { readonly ok: true; readonly result: Entered }
    | { readonly ok: false; readonly error: { readonly code: string } };
  if (!answer.ok) throw new Error(`zone.enter: ${answer.error.code}`);
  await seen.promise;
  return {
    id: answer.result.character,
    counts,
    input: (seq, x, y) => wire.emit('input', { seq, x, y }),
    view: () => (mirror === undefined ? [] : toSeen(mirror)),
    async close() {
      await wire.call('zone.leave', {});
      wire.close();
    },
  };
}

function stamp(text: string, stamped: (seconds: number) => void): void {
  const [, delta] = JSON.parse(text) as [string, Delta];
  for (const event of delta.ev ?? []) if (event.ev === 'emit') stamped(Number(event.data));
}

function toSeen(mirror: Mirror): Seen[] {
  const [metre] = mirror.units;
  return [...mirror.objects.values()].map(({ id, fx, fy }) => ({ id, x: fx / metre, y: fy / metre }));
}
