/** The stock client of Colyseus. */
import type { Room } from '@colyseus/sdk';
import type { Counts, Fail, LoadClient, LoadOptions } from './client.ts';

/** What the peer's state looks like from here (bench/peers/colyseus.ts). */
type State = { readonly players: Map<string, { readonly x: number; readonly y: number }> };

/** A patch and a whole state begin with these bytes. @source @colyseus/shared-types, Protocol */
const roomStatePatch = 15;

let sdk: Promise<typeof import('@colyseus/sdk')> | undefined;

/** The SDK takes `ws` where there is no WebSocket: that one costs the load generator half. */
function loadSdk(): Promise<typeof import('@colyseus/sdk')> {
  sdk ??= (async () => {
    Reflect.deleteProperty(globalThis, 'WebSocket');
    return import('@colyseus/sdk');
  })();
  return sdk;
}

export async function connectColyseus(options: LoadOptions, fail: Fail): Promise<LoadClient> {
  const { Client } = await loadSdk();
  const counts: Counts = { messages: 0, bytes: 0, last: 0, tick: 0 };
  const room: Room<unknown, State> = await new Client(options.url).joinOrCreate(options.place);
  const first = Promise.withResolvers<void>();
  room.onStateChange.once(() => first.resolve());
  // The SDK reconnects by itself; here that would hide a failure.
  room.reconnection.enabled = false;
  room.onError((code, message) => fail(`error ${code}: ${message}`));
  let closing = false;
  room.onLeave((code, reason) => closing || fail(`the server closed a connection: ${code} ${reason}`));
  const { transport } = room.connection as unknown as {
    transport: { ws: { addEventListener(type: 'message', heard: (event: { data: ArrayBuffer }) => void): void } };
  };
  transport.ws.addEventListener('message', ({ data }) => {
    if (new Uint8Array(data)[0] !== roomStatePatch) return;
    counts.messages += 1;
    counts.bytes += data.byteLength;
    counts.last = data.byteLength;
    counts.tick += 1;
  });
  await first.promise;
  return {
    id: room.sessionId,
    counts,
    input: (_seq, x, y) => room.send('input', { x, y }),
    view: () => [...room.state.players.entries()].map(([id, { x, y }]) => ({ id, x, y })),
    async close() {
      closing = true;
      await room.leave();
    },
  };
}
