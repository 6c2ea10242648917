import { expect, it } from 'vitest';
import { startBotHouse } from './house.ts';

it('PLG-13 a bot plays a character of its own: seen by others, hears them, and is the same one after a kill of the node', async () => {
  await using house = await startBotHouse();
  const token = await house.tokenOf('polly');
  const env = { PARROT_CHARACTER: 'Polly', PARROT_ZONE: 'devtest/hall' };
  await using parrot = house.parrot(token, env);
  await parrot.callback('setup');
  const fox = await house.node.join('Fox', 'devtest/hall');
  const seen = await fox.until(() => [...fox.objects.values()].find(({ name }) => name === 'Polly'));
  expect(seen.kind).toBe('player');

  await fox.call('chat.say', { text: 'pretty bird' });
  expect(await parrot.callback('message')).toMatchObject({
    message: { to: 'zone', room: null, from: { name: 'Fox' }, text: 'pretty bird' },
  });
  const whispered = parrot.told.length;
  expect(await fox.call('chat.whisper', { to: 'Polly', text: 'cracker?' })).toEqual({ delivered: true });
  expect(await parrot.callback('message', whispered)).toMatchObject({
    message: { to: 'bot', from: { name: 'Fox' }, text: 'cracker?' },
  });
  // Nobody else may have its name.
  const mimic = await house.node.connect();
  await expect(mimic.call('zone.enter', { zone: 'devtest/hall', name: 'Polly' })).rejects.toMatchObject({
    code: 'name.taken',
  });

  const before = parrot.told.length;
  await house.restart();
  await parrot.callback('recovery', before);
  const hare = await house.node.join('Hare', 'devtest/hall');
  const again = await hare.until(() => [...hare.objects.values()].find(({ name }) => name === 'Polly'));
  expect(again.id).toBe(seen.id);

  await house.order('bot.delete', { name: 'polly' });
  await hare.until(() => ![...hare.objects.values()].some(({ name }) => name === 'Polly'));
  expect(await parrot.callback('ended')).toMatchObject({ why: 'session.logged-out' });
});
