import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { io, type Socket } from 'socket.io-client';
import { expect, it } from 'vitest';
import { startTestNode, type TestNode } from '../support/node.ts';

/** A stock client that comes from another address of this machine. */
async function connectFrom(node: TestNode, localAddress: string): Promise<Socket> {
  const options = { transports: ['websocket'], forceNew: true, reconnection: false, localAddress };
  const socket = io(node.url, options);
  const refused = once(socket, 'connect_error').then(([error]) => Promise.reject(error));
  await Promise.race([once(socket, 'connect'), refused]);
  return socket;
}

/** What a new client from there is told at the door. */
async function knockFrom(node: TestNode, localAddress: string): Promise<{ code: number; message: string }> {
  const answered = Promise.withResolvers<IncomingMessage>();
  get(`${node.url}/socket.io/?EIO=4&transport=polling`, { localAddress }, answered.resolve).once(
    'error',
    answered.reject,
  );
  return (await json(await answered.promise)) as { code: number; message: string };
}

it('LIM-01 so many clients in all and so many of an address; the next is told why, and served when one has gone', async () => {
  const env = { ROOST_SESSIONS_MOST: '3', ROOST_SESSIONS_PRIORITY: '0', ROOST_SESSIONS_PER_ADDRESS: '2' };
  await using node = await startTestNode({ env });
  const [first, second] = [await connectFrom(node, '127.0.0.2'), await connectFrom(node, '127.0.0.2')];
  expect(await knockFrom(node, '127.0.0.2')).toMatchObject({ message: 'session.too-many' });
  const third = await connectFrom(node, '127.0.0.3');
  expect(await knockFrom(node, '127.0.0.4')).toMatchObject({ message: 'session.full' });
  expect(await knockFrom(node, '127.0.0.2')).toMatchObject({ message: 'session.full' });
  for (const socket of [first, second, third])
    expect(await socket.emitWithAck('host.ping', {})).toMatchObject({ ok: true });
  first.close();
  const comesIn = () => connectFrom(node, '127.0.0.4').then((socket) => socket.connected, String);
  await expect.poll(comesIn, { interval: 200, timeout: 20_000 }).toBe(true);
  for (const socket of [second, third]) socket.close();
});

it('LIM-02 who is silent past the time is told and closed; others are unaffected', async () => {
  await using node = await startTestNode({ env: { ROOST_SILENT_MS: '2500' } });
  const fox = await node.connect();
  const hare = await node.connect();
  await fox.enter('devtest/den', 'Fox');
  await hare.enter('devtest/den', 'Hare');
  fox.socket.io.reconnection(false);
  const speaks = setInterval(() => hare.socket.emit('host.ping', {}), 600);
  try {
    expect(await fox.next('notice')).toMatchObject({ code: 'session.silent' });
    await fox.until(() => !fox.socket.connected);
  } finally {
    clearInterval(speaks);
  }
  expect(await hare.call('zone.who')).toBeTruthy();
});
