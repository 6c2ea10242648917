/** Moving as a stream: through the whole node, with a worker killed in the middle. */
import { expect, it } from 'vitest';
import type { Delta } from '../../core/contract/protocol.ts';
import { startTestNode } from '../support/node.ts';

it('PHY-06 inputs move the session’s own character, are acknowledged, and are saved while they stream', async () => {
  await using node = await startTestNode();
  const fox = await node.join('Fox', 'devtest/field');
  const hare = await node.join('Hare', 'devtest/field');
  const place = (who: typeof fox) => fox.objects.get(who.character)?.x ?? Number.NaN;
  const from = place(fox);
  const others = place(hare);

  fox.socket.emit('input', { seq: 7, x: 1, y: 0 });
  await fox.next<Delta>('delta', ({ ack }) => ack === 7);
  await fox.until(() => place(fox) > from + 400);
  expect(place(hare)).toBe(others);

  const [worker] = await node.workerPids();
  process.kill(worker as number, 'SIGKILL');
  const { o } = await fox.next<{ o: { i: string; x: number }[] }>('snapshot');
  expect(o.find(({ i }) => i === fox.character)?.x).toBeGreaterThan(from + 100);
  fox.socket.emit('input', { seq: 8, x: 0, y: 0 });
  await fox.next<Delta>('delta', ({ ack }) => ack === 8);
});

it('PHY-06 inputs of a session without a character move nobody', async () => {
  await using node = await startTestNode();
  const fox = await node.join('Fox', 'devtest/field');
  const stranger = await node.connect();
  const at = fox.objects.get(fox.character);
  stranger.socket.emit('input', { seq: 1, x: 1, y: 0 });
  await stranger.call('host.info');
  await fox.call('chat.say', { text: 'Anybody here?' });
  expect(fox.objects.get(fox.character)).toEqual(at);
});
