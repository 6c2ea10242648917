import { describe, expect, it } from 'vitest';
import { startBotHouse } from './house.ts';

type Heard = { readonly from: string; readonly text: string; readonly room: string };

describe('a bot with a credential', () => {
  it('PLG-13 PLG-14 is the logic of a room: hears who said what, answers all or one, and members are told when it goes', async () => {
    await using house = await startBotHouse();
    const token = await house.tokenOf('polly');
    await using parrot = house.parrot(token, { PARROT_ROOM: 'perch' });
    expect(await parrot.callback('setup')).toMatchObject({ members: [] });

    const fox = await house.member('Fox', 'perch');
    const hare = await house.member('Hare', 'perch');
    expect(await parrot.callback('joined')).toMatchObject({ member: { name: 'Fox' } });
    const bothHear = [fox, hare].map((one) => one.next<Heard>('chat', ({ from }) => from === 'polly'));
    // Whatever a client adds about itself is refused before anybody reads it.
    await expect(fox.call('room.say', { text: 'cluck', from: 'Hare', owner: 'x' })).rejects.toMatchObject({
      code: 'call.bad-params',
    });
    await fox.call('room.say', { text: 'cluck' });
    const { message } = (await parrot.callback('message')) as { message?: unknown } & { callback: string };
    expect(message).toEqual({
      to: 'room',
      room: 'perch',
      text: 'cluck',
      data: null,
      from: { session: expect.any(String), name: 'Fox', owner: expect.stringMatching(/^guest:[0-9a-f]{16}$/) },
    });
    for (const heard of await Promise.all(bothHear))
      expect(heard).toMatchObject({ room: 'perch', text: 'Fox says cluck' });

    const dealt = hare.next('room-data');
    await hare.call('room.say', { text: 'deal' });
    expect(await dealt).toEqual({ room: 'perch', data: { card: 'hearts 7' } });
    expect(fox.messages.some(({ event }) => event === 'room-data')).toBe(false);

    // A move is the bot's business alone.
    const took = fox.next('room-data');
    expect(await fox.call('room.tell', { data: { play: 'hearts 7' } })).toEqual({ room: 'perch' });
    expect(await took).toEqual({ room: 'perch', data: { took: { play: 'hearts 7' } } });
    expect(hare.messages.some(({ data }) => JSON.stringify(data)?.includes('took'))).toBe(false);
    const long = { data: { play: 'x'.repeat(4_000) } };
    await expect(fox.call('room.tell', long)).rejects.toMatchObject({ code: 'call.bad-params' });

    const { beats } = (await parrot.callback('heartbeat')) as { beats?: unknown } & { callback: string };
    expect(beats).toBe(1);

    const told = [fox, hare].map((one) => one.next('room-closed'));
    await parrot.kill('SIGKILL');
    expect(await Promise.all(told)).toEqual([{ room: 'perch' }, { room: 'perch' }]);
    await expect(fox.call('room.say', { text: 'anybody?' })).rejects.toMatchObject({ code: 'room.none' });
    await expect(fox.call('room.join', { room: 'perch' })).rejects.toMatchObject({ code: 'room.unknown' });
    await fox.call('room.create', { room: 'nest' });
    await expect(fox.call('room.tell', { data: {} })).rejects.toMatchObject({ code: 'room.no-bot' });
  });

  it('PLG-13 PLG-14 recovers from a kill of the node: attached again, its recovery called, its setup not', async () => {
    await using house = await startBotHouse();
    const token = await house.tokenOf('polly');
    await using parrot = house.parrot(token, { PARROT_ROOM: 'perch' });
    await parrot.callback('setup');
    const before = parrot.told.length;
    await house.restart();
    await parrot.callback('recovery', before);
    await parrot.callback('heartbeat', before);
    expect(parrot.told.filter(({ callback }) => callback === 'setup')).toHaveLength(1);
    const fox = await house.member('Fox', 'perch');
    const heard = fox.next<Heard>('chat', ({ from }) => from === 'polly');
    await fox.call('room.say', { text: 'still there?' });
    expect(await heard).toMatchObject({ text: 'Fox says still there?' });
  });

  it('PLG-14 goes on after a callback has thrown, and says so', async () => {
    await using house = await startBotHouse();
    await using parrot = house.parrot(await house.tokenOf('polly'), { PARROT_ROOM: 'perch' });
    await parrot.callback('setup');
    const fox = await house.member('Fox', 'perch');
    await fox.call('room.say', { text: 'fall' });
    const heard = fox.next<Heard>('chat', ({ from }) => from === 'polly');
    await fox.call('room.say', { text: 'up again' });
    expect(await heard).toMatchObject({ text: 'Fox says up again' });
    expect(parrot.words).toContain('message failed Error: fell off the perch');
  });

  it('PLG-14 never has two callbacks at once: a heartbeat that takes long is not overtaken, nor is what somebody says', async () => {
    await using house = await startBotHouse();
    const env = { PARROT_ROOM: 'perch', PARROT_SLOW: 'yes' };
    await using parrot = house.parrot(await house.tokenOf('polly'), env);
    await parrot.callback('heartbeat');
    const fox = await house.member('Fox', 'perch');
    await fox.call('room.say', { text: 'cluck' });
    await parrot.until(() => parrot.told.filter(({ callback }) => callback === 'beaten').length === 3);
    const order = parrot.told.map(({ callback }) => callback);
    expect(order).toContain('message');
    // Nothing stands between a heartbeat and its end.
    for (const [at, callback] of order.entries()) if (callback === 'heartbeat') expect(order[at + 1]).toBe('beaten');
  });

  it('PLG-14 tries its setup again when it throws, and nothing else before', async () => {
    await using house = await startBotHouse();
    const env = { PARROT_ROOM: 'perch', PARROT_FAILURES: '2' };
    await using parrot = house.parrot(await house.tokenOf('polly'), env);
    await parrot.callback('heartbeat');
    expect(parrot.told[0]).toMatchObject({ callback: 'setup' });
    expect(parrot.words.split('setup failed Error: not ready yet')).toHaveLength(3);
  });

  it('PLG-14 stops when it is told to: members hear it, and the process ends well', async () => {
    await using house = await startBotHouse();
    await using parrot = house.parrot(await house.tokenOf('polly'), { PARROT_ROOM: 'perch' });
    await parrot.callback('setup');
    const fox = await house.member('Fox', 'perch');
    const told = fox.next('room-closed');
    expect(await parrot.kill('SIGTERM')).toBe(0);
    expect(await told).toEqual({ room: 'perch' });
    expect(parrot.told.at(-1)).toEqual({ callback: 'ended', why: 'stopped' });
  });
});

describe('a bot and the network', () => {
  it('PLG-13 LIM-05 that falls silent is missed within the heartbeat: members are told, and it recovers by itself', async () => {
    await using house = await startBotHouse({
      env: { ROOST_HEARTBEAT_MS: '500', ROOST_HEARTBEAT_LOST_MS: '500' },
    });
    await using parrot = house.parrot(await house.tokenOf('polly'), { PARROT_ROOM: 'perch' });
    await parrot.callback('setup');
    const fox = await house.member('Fox', 'perch');
    const told = fox.next('room-closed');
    const before = parrot.told.length;
    house.gate.silence();
    expect(await told).toEqual({ room: 'perch' });
    house.gate.speak();
    await parrot.callback('recovery', before);
    await fox.call('room.join', { room: 'perch' });
    expect(await parrot.callback('joined', before)).toMatchObject({ member: { name: 'Fox' } });
  });

  it('PLG-13 another bot with the same room stands by until the first is gone', async () => {
    await using house = await startBotHouse();
    await using first = house.parrot(await house.tokenOf('polly'), { PARROT_ROOM: 'perch' });
    await first.callback('setup');
    await using second = house.parrot(await house.tokenOf('coco'), { PARROT_ROOM: 'perch' });
    await second.until(() => second.words.includes('room.taken'));
    expect(second.told).toEqual([]);
    await first.kill('SIGKILL');
    expect(await second.callback('setup')).toMatchObject({ members: [] });
  });
});
