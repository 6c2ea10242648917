/** Matches over a new build of the plugin, and over the end of the node. */
import { expect, it } from 'vitest';
import { refusalOf } from '../auth/people.ts';
import { find, inState, Poller, startArcade } from './arcade.ts';

const roomy = { ROOST_METHOD_PER_SECOND: '1000', ROOST_METHOD_BURST: '1000' };

it('a new build goes on with who waits, who is asked and who plays; a killed node with who plays', async () => {
  await using arcade = await startArcade({ env: roomy });
  const { node } = arcade;
  const [ann, bob, cat, dan] = [await node.connect(), await node.connect(), new Poller(node), new Poller(node)];
  const waiting = await find(ann, { mode: 'duel', name: 'Ann' });
  await cat.find({ mode: 'asked', name: 'Cat' });
  await dan.find({ mode: 'asked', name: 'Dan' });
  await cat.until(({ state }) => state === 'found');
  await cat.call('match.accept', { ticket: cat.ticket });
  await arcade.asServer('admin.reload', { plugin: 'match' });
  expect(await ann.call('match.status', {})).toMatchObject({ ticket: waiting.ticket, state: 'waiting' });
  expect(await dan.call('match.accept', { ticket: dan.ticket })).toMatchObject({ state: 'found' });
  await find(bob, { mode: 'duel', name: 'Bob' });
  const { match } = await inState(ann, 'started');
  await dan.until(({ state }) => state === 'started');
  const entered = await cat.call<{ zone: string }>('match.enter', { ticket: cat.ticket });
  await arcade.asServer('admin.reload', { plugin: 'match' });
  expect(await ann.call('match.status', {})).toMatchObject({ state: 'started', match: { id: match?.id } });
  await dan.call('match.enter', { ticket: dan.ticket });
  await dan.until((status) => status.match?.seats.every((seat) => seat?.there) === true);
  await ann.call('match.enter', {});
  await ann.until(() => JSON.stringify(ann.world).includes('Ann is here'));
  await bob.call('match.enter', {});
  for (const pid of await node.workerPids()) process.kill(pid, 'SIGKILL');
  // What the zone was told last is lost with its worker: it is told again.
  await ann.until(() => JSON.stringify(ann.world).includes('Bob is here'));
  const [eve, fox] = [await node.connect(), new Poller(node)];
  await fox.find({ mode: 'duel', name: 'Fox' });
  await find(eve, { mode: 'duel', name: 'Eve' });
  const lone = new Poller(node);
  await lone.find({ mode: 'letters', name: 'Lone' });

  await inState(eve, 'started');
  await node.restart('SIGKILL');
  const again = new Poller(node);
  // Whoever was told that it has started finds it, however soon the node was killed.
  expect(await again.call('match.status', { ticket: fox.ticket })).toMatchObject({ state: 'started', name: 'Fox' });
  expect(await again.call('match.status', { ticket: cat.ticket })).toMatchObject({
    ...{ ticket: cat.ticket, state: 'started', name: 'Cat' },
    match: { zone: entered.zone, seat: 0, seats: [{ name: 'Cat', there: false }, { name: 'Dan' }] },
  });
  expect(await again.call('match.enter', { ticket: cat.ticket })).toMatchObject({ zone: entered.zone, name: 'Cat' });
  expect(await again.call('match.enter', { ticket: dan.ticket })).toMatchObject({ zone: entered.zone, name: 'Dan' });
  // Who was waiting is told so, and asks again.
  expect((await refusalOf(again.call('match.status', { ticket: lone.ticket }))).code).toBe('match.unknown-ticket');
  for (const { ticket } of [cat, dan]) await again.call('match.leave', { ticket });
  await node.restart('SIGKILL');
  expect((await refusalOf(again.call('match.status', { ticket: cat.ticket }))).code).toBe('match.unknown-ticket');
}, 120_000);
