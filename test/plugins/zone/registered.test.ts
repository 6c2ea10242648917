/** Zones that a builder adds while the node runs. */
import { describe, expect, it } from 'vitest';
import { act } from '../../support/trial.ts';
import { codeOf, goInto, startEstate } from './estate.ts';

const zones = { court: { width: 16, height: 16, capacity: 5, dimensions: ['night'] } };
const glade = { zone: 'trial/glade', like: 'trial/yard', capacity: 1, title: 'The glade' };

describe('registered zones', () => {
  it('ADM-04 the build privilege registers a zone at run time, and nobody without it does', async () => {
    await using estate = await startEstate(zones);
    const ann = await estate.join('Ann', 'Fox');
    const guest = await estate.node.connect({}, { 'x-forwarded-for': '203.0.113.7' });
    for (const client of [ann, guest]) {
      expect(await codeOf(client.call('zone.register', glade))).toBe('call.forbidden');
      expect(await codeOf(client.call('zone.unregister', { zone: 'trial/glade' }))).toBe('call.forbidden');
    }
    expect(await codeOf(guest.call('zone.enter', { zone: 'trial/glade', name: 'Otter' }))).toBe('zone.unknown');
    await estate.grant('Ann', 'build');
    expect(await ann.call('zone.register', glade)).toEqual(glade);
    expect(await guest.call('zone.registered')).toEqual({ zones: [glade] });
    await guest.enter('trial/glade', 'Otter');
    // The map and scripts of the zone that it is like, and its own limit.
    expect((await guest.one('post')).name).toBe('Post');
    expect(await codeOf(ann.call('zone.enter', { zone: 'trial/glade' }))).toBe('zone.full');
    await estate.grant('Ann');
    expect(await codeOf(ann.call('zone.unregister', { zone: 'trial/glade' }))).toBe('call.forbidden');
  });

  it('ADM-04 ZON-11 it survives a restart, and its name means the same zone for everybody, by portal too', async () => {
    await using estate = await startEstate(zones);
    const ann = await estate.join('Ann', 'Fox');
    await estate.grant('Ann', 'build');
    await ann.call('zone.register', { zone: 'trial/glade', like: 'trial/yard' });
    const [hare, otter] = [
      await estate.node.join('Hare', 'trial/yard'),
      await estate.node.join('Otter', 'trial/glade'),
    ];
    await act(hare, hare.character, 'go', { zone: 'glade' });
    await hare.until(() => hare.zone === 'trial/glade' && hare.objects.has(otter.character));
    await act(otter, (await otter.one('post')).id, 'add');
    await estate.node.restart();
    const late = await estate.node.join('Late', 'trial/glade');
    expect(await late.until(() => late.all('post')[0]?.state.count)).toBe(1);
    const yard = await estate.node.join('Yard', 'trial/yard');
    expect((await yard.one('post')).state.count).toBe(0);
  });

  it('ADM-04 names that a game declares, other games, and nonsense are refused', async () => {
    await using estate = await startEstate(zones);
    const ann = await estate.join('Ann');
    await estate.grant('Ann', 'build');
    await ann.call('zone.register', glade);
    const wrong = new Map([
      [{ zone: 'trial/yard', like: 'trial/court' }, 'zone.taken'],
      [{ zone: 'trial/glade', like: 'trial/court' }, 'zone.taken'],
      [{ zone: 'trial/Glen', like: 'trial/court' }, 'zone.malformed'],
      [{ zone: 'trial/glen#2', like: 'trial/court' }, 'zone.malformed'],
      [{ zone: 'trial/glen/more', like: 'trial/court' }, 'zone.malformed'],
      [{ zone: 'trial/glen', like: 'trial/attic' }, 'zone.unknown'],
      [{ zone: 'trial/glen', like: 'trial/glade' }, 'zone.unknown'],
      [{ zone: 'trial/glen', like: 'farmyard/meadow' }, 'zone.unknown'],
      [{ zone: 'nowhere/glen', like: 'nowhere/meadow' }, 'zone.unknown'],
    ]);
    for (const [params, code] of wrong)
      expect([params, await codeOf(ann.call('zone.register', params))]).toEqual([params, code]);
    expect(await codeOf(ann.call('zone.register', { ...glade, zone: 'trial/glen', capacity: 0 }))).toBe(
      'call.bad-params',
    );
  });

  it('ADM-04 one that nobody is in can be taken back, and is as it was when it is registered again', async () => {
    await using estate = await startEstate(zones);
    const ann = await estate.join('Ann', 'Fox');
    await estate.grant('Ann', 'build');
    const cove = { zone: 'trial/cove', like: 'trial/court' };
    await ann.call('zone.register', cove);
    await goInto(ann, 'trial/cove~night');
    const post = (await act(ann, ann.character, 'post', { name: 'Mine' })).result;
    expect(await codeOf(ann.call('zone.unregister', { zone: 'trial/cove' }))).toBe('zone.in-use');
    await ann.call('zone.leave');
    expect(await ann.call('zone.unregister', { zone: 'trial/cove' })).toEqual({ zone: 'trial/cove' });
    expect(await codeOf(ann.call('zone.unregister', { zone: 'trial/cove' }))).toBe('zone.unknown');
    expect(await codeOf(ann.call('zone.enter', { zone: 'trial/cove~night' }))).toBe('zone.unknown');
    // Whose character was there last is not lost with it.
    await goInto(ann, 'trial/yard');
    await ann.call('zone.register', cove);
    await goInto(ann, 'trial/cove~night');
    expect((await ann.one('post')).id).toBe(post);
  });
});
