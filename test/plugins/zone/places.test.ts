/** Places of the whole node: who still comes in when it is full. */
import { expect, it } from 'vitest';
import { ended, makeAccount } from '../auth/people.ts';
import { startEstate } from './estate.ts';

const full = { ROOST_SESSIONS_MOST: '2', ROOST_SESSIONS_PRIORITY: '2' };

it('ACC-18 when the node is full, ordinary people are refused, and those with priority come in up to a higher limit', async () => {
  await using estate = await startEstate({}, { env: full });
  const { node } = estate;
  const tokens = new Map<string, string>();
  for (const name of ['Ann', 'Bob', 'Dora']) tokens.set(name, (await makeAccount(node, name)).token);
  for (const name of ['Ann', 'Bob']) await estate.grant(name, 'priority');
  const enter = (name: string) => node.connect({ token: tokens.get(name) ?? '' });
  const guest = await node.connect();
  const dora = await enter('Dora');

  const strangers: readonly (readonly [Record<string, string>, string])[] = [
    [{}, 'session.full'],
    [{ token: 'x'.repeat(43) }, 'session.unknown-token'],
    [{ resume: 'none' }, 'session.full'],
  ];
  for (const [auth, code] of strangers) {
    const late = await node.connect(auth);
    expect(await ended(late)).toBe(code);
    late.close();
  }
  const [ann, bob] = [await enter('Ann'), await enter('Bob')];
  expect(await ann.call('auth.me')).toMatchObject({ account: { name: 'Ann' } });
  // Whoever is over the higher limit hears so before there is a connection.
  const answer = await fetch(`${node.url}/socket.io/?EIO=4&transport=polling`);
  expect(await answer.json()).toMatchObject({ message: 'session.crowded' });

  // A place that is given back counts at once; priority that is taken away takes the place with it.
  const before = node.logs.length;
  bob.close();
  await node.logged(({ msg }) => msg === 'session closed', before);
  const second = await node.connect({ token: tokens.get('Dora') ?? '' });
  // Her other connection is replaced by it: the place is hers.
  expect(await ended(dora)).toBe('session.replaced');
  expect(await second.call('auth.me')).toMatchObject({ account: { name: 'Dora' } });
  await ann.call('auth.logout');
  expect(['session.full', 'session.logged-out']).toContain(await ended(ann));
  expect(guest.socket.connected).toBe(true);
});

it('ACC-16 a connection that neither logs in nor enters or watches a zone in time is closed, any other stays', async () => {
  const plaza = { width: 16, height: 16, spectators: true };
  await using estate = await startEstate({ plaza }, { env: { ROOST_LOBBY_MS: '5000' } });
  const { node } = estate;
  const { token } = await makeAccount(node, 'Ann');
  const [ann, eye, fox] = [await node.connect({ token }), await node.connect(), await node.join('Fox', 'trial/yard')];
  await eye.call('zone.watch', { zone: 'trial/plaza', x: 8, y: 8, distance: 5 });
  for (let i = 0; i < 2; i++) {
    const stranger = await node.connect();
    // Calls alone keep nobody.
    await stranger.call('host.ping');
    expect(await ended(stranger)).toBe('session.idle');
  }
  expect([ann, eye, fox].map(({ socket }) => socket.connected)).toEqual([true, true, true]);
  // From when it no longer does either, the time runs anew.
  await eye.call('zone.unwatch');
  await fox.call('zone.leave');
  expect([await ended(eye), await ended(fox)]).toEqual(['session.idle', 'session.idle']);
  expect(ann.socket.connected).toBe(true);
});

it('ZON-10 a character whose instance is closed or full comes back into another one', async () => {
  await using estate = await startEstate({ court: { width: 16, height: 16, capacity: 1, instances: 3 } });
  const { node } = estate;
  const ann = await estate.join('Ann', 'Fox');
  await node.join('Hare', 'trial/court');
  expect((await ann.enter('trial/court')).zone).toBe('trial/court#2');
  await node.restart();
  const again = await node.connect({ token: await estate.tokenOf('Ann') });
  expect(await again.call('zone.enter')).toMatchObject({ zone: 'trial/court', name: 'Fox' });
  await again.call('zone.leave');
  for (const name of ['Stoat', 'Otter']) await node.join(name, 'trial/court');
  expect(await again.call('zone.enter')).toMatchObject({ zone: 'trial/court#3', name: 'Fox' });
});
