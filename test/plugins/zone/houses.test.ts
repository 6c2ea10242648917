/** Zones that accounts own, and zones for those who have a privilege. */
import { describe, expect, it } from 'vitest';
import { act } from '../../support/trial.ts';
import { codeOf, goInto, startEstate } from './estate.ts';

const house = 'trial/house';

const start = () =>
  startEstate({
    house: { width: 16, height: 16, owned: true, dimensions: ['cellar'], spectators: true },
    vault: { width: 16, height: 16, needs: 'vip', spectators: true },
    ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`shed${i}`, { width: 8, height: 8, owned: true }])),
  });

describe('owned zones', () => {
  it('ZON-04 ZON-10 each account has its own, which nobody else enters before being invited', async () => {
    await using estate = await start();
    const ann = await estate.join('Ann', 'Fox');
    const bob = await estate.join('Bob', 'Hare');
    const guest = await estate.node.connect();
    // What is not there, or not theirs, starts nothing, and nobody learns which names there are.
    for (const zone of [`${house}@ann`, `${house}@nobody`, `${house}@bob`]) {
      expect(await codeOf(guest.call('zone.enter', { zone, name: 'Otter' }))).toBe('zone.forbidden');
      expect(await codeOf(guest.call('zone.watch', { zone, x: 1, y: 1, distance: 5 }))).toBe('zone.forbidden');
    }
    expect(await codeOf(guest.call('zone.enter', { zone: house }))).toBe('zone.forbidden');
    expect(await codeOf(bob.call('zone.enter', { zone: `${house}@ann` }))).toBe('zone.forbidden');
    expect(await codeOf(bob.call('zone.enter', { zone: `${house}@nobody` }))).toBe('zone.forbidden');
    for (const zone of [`${house}@`, `${house}@a b`, `${house}@x`, `${house}@ann#2`, `${house}#2@ann`])
      expect(await codeOf(ann.call('zone.enter', { zone }))).toBe('zone.malformed');
    expect(estate.started()).not.toContain(`${house}@ann`);

    expect((await ann.enter(`${house}@ANN`)).zone).toBe(`${house}@ann`);
    expect((await bob.enter(house)).zone).toBe(`${house}@bob`);
    expect([ann.all('walker').length, bob.all('walker').length]).toEqual([1, 1]);
    expect(await codeOf(bob.call('zone.enter', { zone: `${house}@ann` }))).toBe('zone.forbidden');
    expect(await ann.call('zone.invite', { zone: house, name: 'bOB' })).toEqual({ zone: `${house}@ann`, name: 'bOB' });
    expect((await bob.enter(`${house}@Ann`)).zone).toBe(`${house}@ann`);
    await ann.until(() => ann.all('walker').length === 2);
  });

  it('ZON-10 an invitation is listed, taken back at once, and lets in nobody who takes the name later', async () => {
    await using estate = await start();
    const ann = await estate.join('Ann', 'Fox');
    const bob = await estate.join('Bob', 'Hare');
    const mine = `${house}@ann`;
    for (const name of ['Bob', 'Carl']) await ann.call('zone.invite', { zone: mine, name });
    expect(await ann.call('zone.invited', { zone: mine })).toEqual({ zone: mine, names: ['Bob', 'Carl'] });
    // Nobody was called Carl when the invitation was made.
    const carl = await estate.join('Carl', 'Stoat');
    expect(await codeOf(carl.call('zone.enter', { zone: mine }))).toBe('zone.forbidden');
    for (const method of ['zone.invite', 'zone.uninvite'])
      expect(await codeOf(bob.call(method, { zone: mine, name: 'Bob' }))).toBe('zone.forbidden');
    expect(await codeOf(bob.call('zone.invited', { zone: mine }))).toBe('zone.forbidden');
    expect(await codeOf(ann.call('zone.invite', { zone: 'trial/yard', name: 'Bob' }))).toBe('zone.unknown');
    const guest = await estate.node.connect();
    expect(await codeOf(guest.call('zone.invite', { zone: mine, name: 'Bob' }))).toBe('call.forbidden');

    await ann.enter(mine);
    await bob.enter(mine);
    const closed = bob.next('zone');
    await ann.call('zone.uninvite', { zone: mine, name: 'BOB' });
    expect(await closed).toEqual({ zone: mine, state: 'closed', code: 'zone.forbidden' });
    await ann.until(() => ann.all('walker').length === 1);
    expect(await codeOf(bob.call('zone.enter', { zone: mine }))).toBe('zone.forbidden');
    expect(await ann.call('zone.invited', { zone: mine })).toEqual({ zone: mine, names: ['Carl'] });
    expect((await bob.enter('trial/yard')).zone).toBe('trial/yard');
  });

  it('ZON-10 who is not invited any more does not come back by a connection that was lost', async () => {
    await using estate = await start();
    const ann = await estate.join('Ann', 'Fox');
    const bob = await estate.join('Bob', 'Hare');
    await ann.call('zone.invite', { zone: house, name: 'Bob' });
    await ann.enter(house);
    await bob.enter(`${house}@ann`);
    await ann.until(() => ann.all('walker').length === 2);
    const before = estate.node.logs.length;
    bob.close();
    await estate.node.logged(({ msg }) => msg === 'session closed', before);
    await ann.call('zone.uninvite', { zone: house, name: 'Bob' });
    const back = await estate.node.connect({ token: await estate.tokenOf('Bob') });
    expect(await codeOf(back.call('zone.enter', { zone: `${house}@ann` }))).toBe('zone.forbidden');
    await ann.until(() => ann.all('walker').length === 1);
    expect((await back.enter('trial/yard')).zone).toBe('trial/yard');
  });

  it('ZON-10 strangers do not learn from lists of zones and people whose they are', async () => {
    await using estate = await start();
    const ann = await estate.join('Annabel', 'Fox');
    await ann.enter(house);
    const far = await estate.node.connect({}, { 'x-forwarded-for': '203.0.113.9' });
    const people = { online: 1, people: [{ name: 'Fox', zone: house, guest: false }], more: false };
    for (const params of [{}, { zone: house }, { zone: `${house}@nobody` }])
      expect(await far.call('chat.who', params)).toEqual(people);
    // Whoever runs the node sees it, as soon as its worker has told.
    const stats = () => estate.asServer('host.stats', {}).then((told) => JSON.stringify(told));
    await expect.poll(stats, { interval: 200, timeout: 30_000 }).toContain(`${house}@annabel`);
    const told = JSON.stringify(await far.call('host.stats'));
    expect(told).toContain(`"zone":"${house}"`);
    expect(told).not.toMatch(/annabel/i);
  });

  it('ZON-10 a portal home leads each to his own, and is closed to guests', async () => {
    await using estate = await start();
    const ann = await estate.join('Ann', 'Fox');
    await ann.enter('trial/yard');
    await act(ann, ann.character, 'go', { zone: 'house' });
    await ann.until(() => ann.zone === `${house}@ann` && ann.objects.has(ann.character));
    // A character that was sent somewhere is not sent again for two seconds.
    for (const [i, zone] of ['house', 'house@ann', 'house@nobody'].entries()) {
      const guest = await estate.node.join(`Otter${i}`, 'trial/yard');
      await act(guest, guest.character, 'go', { zone });
      expect((await act(guest, guest.character, 'where')).result).toMatchObject({ zone: 'trial/yard' });
    }
    expect(estate.started()).not.toContain(`${house}@nobody`);
  });

  it('ZON-10 ZON-18 a house keeps its things and its owner over a restart, a new name, and somebody who takes the old one', async () => {
    await using estate = await start();
    const ann = await estate.join('Ann', 'Fox');
    await ann.enter(house);
    const post = (await act(ann, ann.character, 'post', { name: 'Mine' })).result;
    await goInto(ann, `${house}~cellar`);
    expect([ann.zone, ann.all('post').length]).toEqual([`${house}~cellar@ann`, 0]);
    await ann.call('auth.rename', { name: 'Wolf', password: 'correct horse battery' });
    await estate.node.restart();
    const other = await estate.join('Ann', 'Hare');
    expect(await codeOf(other.call('zone.enter', { zone: `${house}~cellar@wolf` }))).toBe('zone.forbidden');
    const own = await other.enter(house);
    expect(own.zone).toMatch(/^trial\/house@[0-9a-f]{16}$/);
    expect(other.all('post')).toEqual([]);
    const again = await estate.node.connect({ token: await estate.tokenOf('Wolf') });
    expect((await again.enter(`${house}@wolf`)).zone).toBe(`${house}@ann`);
    expect((await again.one('post')).id).toBe(post);
  });

  it('ZON-10 an account owns at most eight', async () => {
    await using estate = await start();
    const ann = await estate.join('Ann', 'Fox');
    for (let i = 0; i < 8; i++) await ann.call('zone.invite', { zone: `trial/shed${i}`, name: 'Bob' });
    expect(await codeOf(ann.call('zone.enter', { zone: 'trial/shed8' }))).toBe('zone.too-many');
    expect((await ann.enter('trial/shed7')).zone).toBe('trial/shed7@ann');
  });

  it('ZON-10 nobody has the house of an account that is deleted, also not who takes its name', async () => {
    await using estate = await start();
    const ann = await estate.join('Ann', 'Fox');
    const bob = await estate.join('Bob', 'Hare');
    await ann.enter(house);
    await act(ann, ann.character, 'post', { name: 'Mine' });
    await ann.call('zone.invite', { zone: house, name: 'Bob' });
    await bob.call('zone.invite', { zone: house, name: 'Ann' });
    const { id } = await estate.asServer<{ id: string }>('auth.find', { name: 'Ann' });
    await estate.asServer('auth.remove', { id });
    expect(await codeOf(bob.call('zone.enter', { zone: `${house}@ann` }))).toBe('zone.forbidden');
    // Who was invited is no more, and whoever has the name now was not.
    expect(await bob.call('zone.invited', { zone: house })).toMatchObject({ names: [] });
    const next = await estate.join('Ann', 'Otter');
    await next.enter(house);
    expect(next.all('post')).toEqual([]);
  });
});

describe('zones that need a privilege', () => {
  it('ZON-17 let in nobody without it, by no way', async () => {
    await using estate = await start();
    const ann = await estate.join('Ann', 'Fox');
    const guest = await estate.node.join('Otter', 'trial/yard');
    await ann.enter('trial/yard');
    for (const client of [ann, guest]) {
      expect(await codeOf(client.call('zone.enter', { zone: 'trial/vault' }))).toBe('zone.forbidden');
      await act(client, client.character, 'go', { zone: 'vault' });
      expect((await act(client, client.character, 'where')).result).toMatchObject({ zone: 'trial/yard' });
    }
    const watcher = await estate.node.connect();
    const spot = { x: 8, y: 8, distance: 5 };
    expect(await codeOf(watcher.call('zone.watch', { zone: 'trial/vault', ...spot }))).toBe('zone.forbidden');
    expect(estate.started()).not.toContain('trial/vault');
    const bob = await estate.join('Bob', 'Hare');
    await estate.grant('Bob', 'vip');
    await bob.enter('trial/yard');
    await act(bob, bob.character, 'go', { zone: 'vault' });
    await bob.until(() => bob.zone === 'trial/vault' && bob.objects.has(bob.character));
    await estate.grant('Ann', 'vip');
    await goInto(ann, 'trial/vault');
    // Taken away it puts out at once.
    const closed = ann.next('zone');
    await estate.grant('Ann');
    expect(await closed).toEqual({ zone: 'trial/vault', state: 'closed', code: 'zone.forbidden' });
    await bob.until(() => bob.all('walker').length === 1);
    expect(await codeOf(ann.call('zone.enter', { zone: 'trial/vault' }))).toBe('zone.forbidden');
    await estate.grant('Ann', 'admin');
    expect((await ann.enter('trial/vault')).zone).toBe('trial/vault');
  });
});
