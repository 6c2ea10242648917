import { expect, it } from 'vitest';
import { connectFrom, knockFrom } from '../support/elsewhere.ts';
import { startTestNode } from '../support/node.ts';

it('LIM-01 so many clients in all and so many of an address; the next is told why, and served when one has gone', async () => {
  const env = { ROOST_SESSIONS_MOST: '3', ROOST_SESSIONS_PRIORITY: '0', ROOST_SESSIONS_PER_ADDRESS: '2' };
  await using node = await startTestNode({ env });
  const [first, second] = [await connectFrom(node.url, '127.0.0.2'), await connectFrom(node.url, '127.0.0.2')];
  expect(await knockFrom(node.url, '127.0.0.2')).toMatchObject({ message: 'session.too-many' });
  const third = await connectFrom(node.url, '127.0.0.3');
  expect(await knockFrom(node.url, '127.0.0.4')).toMatchObject({ message: 'session.full' });
  expect(await knockFrom(node.url, '127.0.0.2')).toMatchObject({ message: 'session.full' });
  for (const socket of [first, second, third])
    expect(await socket.emitWithAck('host.ping', {})).toMatchObject({ ok: true });
  first.close();
  const comesIn = () => connectFrom(node.url, '127.0.0.4').then((socket) => socket.connected, String);
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
