import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { BotProcess } from './bot-process.ts';
import { startBotHouse } from './house.ts';

it('CLI-11 the bridge of examples/ hands whispers and what is said near it on to another chat', async () => {
  const posted = Promise.withResolvers<void>();
  const lines: unknown[] = [];
  const chat = createServer(async (request, response) => {
    lines.push(JSON.parse(await text(request)));
    response.end();
    if (lines.length === 2) posted.resolve();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void chat.close());
  await once(chat, 'listening');

  await using house = await startBotHouse();
  await using bridge = new BotProcess('../../../examples/bridge.ts', {
    HOOK: `http://127.0.0.1:${(chat.address() as AddressInfo).port}`,
    ZONE: 'devtest/hall',
    ROOST_URL: house.node.url,
    ROOST_BOT_TOKEN: await house.tokenOf('bridge'),
  });
  await bridge.until(() => bridge.words.includes('attached'));
  const fox = await house.node.join('Fox', 'devtest/hall');
  await fox.until(() => [...fox.objects.values()].some(({ name }) => name === 'Postman'));
  const answer = fox.next('chat', ({ from }: { from: string }) => from === 'Postman');
  await fox.call('chat.say', { text: 'good morning' });
  expect(await fox.call('chat.whisper', { to: 'Postman', text: 'to my friends' })).toEqual({ delivered: true });
  expect(await answer).toMatchObject({ text: 'Handed on.', whisper: true });
  await posted.promise;
  expect(lines).toEqual([
    { from: 'Fox', text: 'good morning', whispered: false },
    { from: 'Fox', text: 'to my friends', whispered: true },
  ]);
});
