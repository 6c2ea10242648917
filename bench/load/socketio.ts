/**
 * socket.io's protocol over a bare WebSocket: as little as a client can do, so that one process can be thousands.
 * @source engine.io protocol 4, socket.io protocol 5
 */
import { WebSocket } from 'ws';
import type { Fail } from './client.ts';

export type Wire = {
  /** Sends an event without an answer. */
  emit(event: string, data: object): void;
  /** Sends an event and resolves with its answer. */
  call(event: string, data: object): Promise<unknown>;
  close(): void;
};

/**
 * @param receive  Gets each event as text, `["name",…]`, and its bytes on the wire.
 * @param auth     What is presented as such.
 * @param fail     Called when the connection ends before `close`.
 */
export function openWire(
  url: string,
  receive: (text: string, bytes: number) => void,
  fail: Fail,
  auth: object = {},
): Promise<Wire> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  const open = Promise.withResolvers<Wire>();
  const waiting = new Map<number, (answer: unknown) => void>();
  let calls = 0;
  let closed = false;

  const wire: Wire = {
    emit: (event, data) => socket.send(`42["${event}",${JSON.stringify(data)}]`),
    call(event, data) {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      calls += 1;
      waiting.set(calls, resolve);
      socket.send(`42${calls}["${event}",${JSON.stringify(data)}]`);
      return promise;
    },
    close() {
      closed = true;
      socket.close();
    },
  };

  function packet(text: string, bytes: number): void {
    if (text.startsWith('42')) receive(text.slice(2), bytes);
    else if (text === '2') socket.send('3');
    else if (text.startsWith('0{')) socket.send(`40${JSON.stringify(auth)}`);
    else if (text.startsWith('40')) open.resolve(wire);
    else if (text.startsWith('43')) {
      const bracket = text.indexOf('[');
      const id = Number(text.slice(2, bracket));
      waiting.get(id)?.((JSON.parse(text.slice(bracket)) as unknown[])[0]);
      waiting.delete(id);
    } else fail(`a packet that nobody expects: ${text.slice(0, 100)}`);
  }

  socket.on('message', (data: Buffer) => packet(data.toString('latin1'), data.length));
  socket.on('error', (error) => {
    open.reject(error);
    fail(error.message);
  });
  socket.on('close', (code, reason) => {
    if (!closed) fail(`the server closed a connection: ${code} ${reason}`);
  });
  return open.promise;
}
