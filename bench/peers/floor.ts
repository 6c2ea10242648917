/**
 * The floor under row floor: bare socket.io, as its documentation says. Takes the same inputs and does nothing with them,
 * and sends each socket one message a tick, of the sizes that Roost's had, ready made. Prints `listening PORT`.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

export type FloorOptions = {
  readonly ticksPerSecond: number;
  /** Bytes of a message on the wire, `42["delta",…]`; taken by turns. */
  readonly sizes: readonly number[];
};

const { ticksPerSecond, sizes } = JSON.parse(process.argv[2] ?? '{}') as FloorOptions;
/** Bytes of `42["delta","…"]` round the text. */
const around = 14;
const texts = sizes.map((size) => 'x'.repeat(Math.max(0, size - around)));
const http = createServer();
const io = new Server(http, { pingInterval: 5000, pingTimeout: 5000 });
const inputs = new Map<string, unknown>();

io.on('connection', (socket) => {
  socket.on('input', (input: unknown) => void inputs.set(socket.id, input));
  socket.on('disconnect', () => void inputs.delete(socket.id));
});

let next = 0;
/** Ticks are due at fixed times, as in Roost. */
let dueMs = performance.now();

function tick(): void {
  for (const socket of io.sockets.sockets.values()) {
    next = (next + 1) % texts.length;
    socket.emit('delta', texts[next]);
  }
  dueMs += 1000 / ticksPerSecond;
  setTimeout(tick, Math.max(0, dueMs - performance.now()));
}

http.listen(0, '127.0.0.1', () => {
  console.log(`listening ${(http.address() as AddressInfo).port}`);
  tick();
});
process.once('SIGTERM', () => process.exit(0));
// The benchmark is gone.
process.stdin.resume().once('end', () => process.exit(0));
