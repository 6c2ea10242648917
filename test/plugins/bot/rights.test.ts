import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestClient } from '../../support/client.ts';
import { bearer, makeAccount, post } from '../auth/people.ts';
import { type BotHouse, startBotHouse } from './house.ts';

type Act = { readonly who: string; readonly method: string; readonly target: string; readonly outcome: string };

/** A stock client that presents a token. */
const withToken = (house: BotHouse, token: string) => house.node.connect({ token });

describe('attaching as a bot', () => {
  it('ADM-10 needs a bot’s credential: guests, players, accounts and administrators are refused', async () => {
    await using house = await startBotHouse();
    const { node } = house;
    const player = await node.join('Fox', 'devtest/hall');
    const account = await withToken(house, (await makeAccount(node, 'Hare')).token);
    const admin = await withToken(house, house.admin);
    const stranger = await node.connect();
    const calls: readonly [string, object][] = [
      ['bot.attach', { room: 'perch' }],
      ['bot.detach', { room: 'perch' }],
      ['bot.send', { room: 'perch', text: 'psst' }],
      ['bot.members', { room: 'perch' }],
      ['bot.play', { name: 'Polly', zone: 'devtest/hall' }],
    ];
    for (const client of [player, account, admin, stranger])
      for (const [method, params] of calls)
        await expect(client.call(method, params)).rejects.toMatchObject({ code: 'call.forbidden' });
    // What decides in which room somebody is a bot is for the server alone.
    const forged = { room: 'perch', session: player.socket.id ?? '' };
    for (const [method, more] of [
      ['room.attach', { name: 'Fox' }],
      ['room.detach', {}],
      ['room.relay', { event: 'chat', data: {} }],
      ['room.roster', {}],
    ] as const)
      await expect(player.call(method, { ...forged, ...more })).rejects.toMatchObject({ code: 'call.forbidden' });
    // Nobody is made a bot by a privilege.
    await expect(house.order('admin.grant', { name: 'Hare', privilege: 'bot', make: true })).rejects.toMatchObject({
      code: 'call.bad-params',
    });
  });

  it('ADM-10 is logged and in the audit, with the bot, its address and the room; its token is nowhere', async () => {
    await using house = await startBotHouse();
    const { node } = house;
    const token = await house.tokenOf('Polly');
    const bot = await withToken(house, token);
    await bot.call('bot.attach', { room: 'perch' });
    expect(await node.logged(({ act }) => act === 'bot.attach')).toMatchObject({
      who: 'Polly',
      target: 'perch',
      outcome: 'ok',
      address: expect.stringContaining('127.0.0.1'),
    });
    // A mute holds for it as for anybody else.
    const { sessions } = await house.order<{ sessions: { id: string; account: { name: string } | null }[] }>(
      'admin.sessions',
    );
    const session = sessions.find(({ account }) => account?.name === 'Polly')?.id;
    await house.order('admin.mute', { session });
    await expect(bot.call('bot.send', { room: 'perch', text: 'rude' })).rejects.toMatchObject({ code: 'chat.muted' });
    await house.order('admin.unmute', { name: 'Polly' });
    expect(await bot.call('bot.send', { room: 'perch', text: 'sorry' })).toEqual({ sent: 0 });
    await bot.call('bot.detach', { room: 'perch' });
    const rival = await withToken(house, await house.tokenOf('Coco'));
    await rival.call('bot.attach', { room: 'perch' });
    await expect(bot.call('bot.attach', { room: 'perch' })).rejects.toMatchObject({ code: 'room.taken' });
    const { acts } = await house.order<{ acts: Act[] }>('admin.audit', {});
    const told = acts.filter(({ method }) => method.startsWith('bot.'));
    expect(told.map(({ who, method, target, outcome }) => [who, method, target, outcome]).reverse()).toEqual([
      ['Root', 'bot.create', 'Polly', 'ok'],
      ['Polly', 'bot.attach', 'perch', 'ok'],
      ['Polly', 'bot.detach', 'perch', 'ok'],
      ['Root', 'bot.create', 'Coco', 'ok'],
      ['Coco', 'bot.attach', 'perch', 'ok'],
    ]);
    expect(await node.logged(({ outcome }) => outcome === 'room.taken')).toMatchObject({
      who: 'Polly',
      act: 'bot.attach',
    });
    await node.kill('SIGTERM');
    expect(node.words).not.toContain(token);
    for (const file of await readdir(node.data, { recursive: true, withFileTypes: true }))
      if (file.isFile()) expect((await readFile(join(file.parentPath, file.name))).includes(token)).toBe(false);
  });

  it('PLG-13 a bot has no business with accounts, administration and the server’s own methods', async () => {
    await using house = await startBotHouse();
    const bot = await withToken(house, await house.tokenOf('Polly'));
    const { methods } = await bot.call<{ methods: { name: string; allow: string }[] }>('host.info');
    // What an operator may is the machine's to say, not the token's: tests run on it.
    const open = new Set(['anyone', 'player', 'bot', 'operator']);
    const barred = methods.filter(({ allow }) => !open.has(allow));
    expect(barred.length).toBeGreaterThan(40);
    // Before anybody looks at who calls, the params have to fit: either way nothing was done.
    const refused = expect.stringMatching(/^call\.(forbidden|bad-params)$/);
    for (const { name } of barred) await expect(bot.call(name), name).rejects.toMatchObject({ code: refused });
    for (const [name, params] of [
      ['admin.ban', { name: 'Root' }],
      ['admin.grant', { name: 'Root', privilege: 'vip' }],
      ['admin.audit', {}],
      ['admin.kick', { name: 'Root' }],
      ['auth.logins', {}],
      ['character.create', { name: 'Coco' }],
      ['character.list', {}],
      ['bot.create', { name: 'Coco' }],
      ['bot.list', {}],
      ['bot.delete', { name: 'Polly' }],
    ] as const)
      await expect(bot.call(name, params), name).rejects.toMatchObject({ code: 'call.forbidden' });
    await expect(
      post(house.node, 'bot.attach', { room: 'perch' }, bearer(await house.tokenOf('Coco'))),
    ).rejects.toMatchObject({ code: 'bot.no-socket' });
  });

  it('PLG-13 a bot speaks in its own room alone, to its members alone', async () => {
    await using house = await startBotHouse();
    const polly = await withToken(house, await house.tokenOf('Polly'));
    const coco = await withToken(house, await house.tokenOf('Coco'));
    await polly.call('bot.attach', { room: 'perch' });
    const outsider = await house.node.join('Fox', 'devtest/hall');
    for (const [method, params] of [
      ['bot.send', { text: 'psst' }],
      ['bot.send', { data: { card: 1 } }],
      ['bot.members', {}],
      ['bot.detach', {}],
    ] as const)
      await expect(coco.call(method, { room: 'perch', ...params })).rejects.toMatchObject({ code: 'room.unknown' });
    await expect(polly.call('bot.send', { room: 'perch', text: 'psst', to: outsider.socket.id })).rejects.toMatchObject(
      { code: 'room.not-member' },
    );
    await expect(polly.call('bot.send', { room: 'perch', text: 'a'.repeat(501) })).rejects.toMatchObject({
      code: 'call.bad-params',
    });
  });
});

describe('the list of bots', () => {
  it('ADM-10 has names that are taken once, and forgets a bot with its token and its connections at once', async () => {
    await using house = await startBotHouse();
    const token = await house.tokenOf('Polly');
    await expect(house.order('bot.create', { name: 'POLLY' })).rejects.toMatchObject({ code: 'bot.taken' });
    await using parrot = house.parrot(token, { PARROT_ROOM: 'perch' });
    await parrot.callback('setup');
    expect(await house.order('bot.list')).toEqual({
      bots: [
        {
          name: 'Polly',
          by: 'Root',
          created: expect.any(Number),
          connections: [{ address: expect.stringContaining('127.0.0.1'), zone: null, character: null }],
        },
      ],
    });
    const fox = await house.member('Fox', 'perch');
    const closed = fox.next('room-closed');
    await house.order('bot.delete', { name: 'polly' });
    expect(await closed).toEqual({ room: 'perch' });
    expect(await parrot.callback('ended')).toEqual({ callback: 'ended', why: 'session.logged-out' });
    expect(await parrot.over()).toBe(0);
    expect(await house.order('bot.list')).toEqual({ bots: [] });
    await expect(house.order('bot.delete', { name: 'Polly' })).rejects.toMatchObject({ code: 'bot.unknown' });

    await using ghost = house.parrot(token, { PARROT_ROOM: 'perch' });
    expect(await ghost.callback('ended')).toEqual({ callback: 'ended', why: 'session.unknown-token' });
    expect(ghost.words).not.toContain(token);
  });
});

describe('a token in the wrong place', () => {
  it('PLG-13 as the cookie it makes a bot no account', async () => {
    await using house = await startBotHouse();
    const token = await house.tokenOf('Polly');
    for (const method of ['character.list', 'auth.me'] as const) {
      const answer = post(house.node, method, {}, { cookie: `roost=${token}`, origin: house.node.url });
      if (method === 'auth.me') expect((await answer).result).toMatchObject({ account: { name: 'Polly' } });
      else await expect(answer).rejects.toMatchObject({ code: 'call.forbidden' });
    }
  });

  it('PLG-13 presented in the address makes nobody a bot', async () => {
    await using house = await startBotHouse();
    const token = await house.tokenOf('Polly');
    const client = new TestClient(`${house.node.url}/?token=${token}`);
    await client.connected();
    await expect(client.call('bot.attach', { room: 'perch' })).rejects.toMatchObject({ code: 'call.forbidden' });
    client.close();
  });
});
