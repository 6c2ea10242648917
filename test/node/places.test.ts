/** Zones that there are more than once, and who comes into which. */
import { describe, expect, it } from 'vitest';
import type { TestNodeOptions } from '../support/node.ts';
import { act, startTrial } from '../support/trial.ts';

const yard = 'trial/yard';

/** The trial's yard, and zones that there are more than once. */
const game = {
  title: 'Trial',
  start: 'yard',
  character: 'walker',
  zones: {
    yard: { map: 'maps/yard.tmj', dimensions: ['dream'] },
    court: { width: 16, height: 16, capacity: 1, instances: 3 },
    hall: { width: 16, height: 16, capacity: 2, instances: 2, dimensions: ['night'] },
  },
};

function startPlaces(options: TestNodeOptions = {}) {
  return startTrial(options, { 'games/trial/game.json': JSON.stringify(game) });
}

function runs(node: { readonly logs: readonly object[] }): readonly unknown[] {
  return node.logs.flatMap((line) => ('msg' in line && line.msg === 'zone runs' && 'zone' in line ? [line.zone] : []));
}

describe('instances', () => {
  it('ZON-10 ZON-17 a full zone opens another of itself, the lowest with room is taken, and all full is full', async () => {
    await using all = await startPlaces();
    const { node } = all;
    const fox = await node.join('Fox', 'trial/court');
    const hare = await node.join('Hare', 'trial/court');
    const otter = await node.join('Otter', 'trial/court');
    expect([fox, hare, otter].map(({ zone }) => zone)).toEqual(['trial/court', 'trial/court#2', 'trial/court#3']);
    // Nobody sees or meets anybody of another instance.
    expect([fox, hare, otter].map(({ objects }) => objects.size)).toEqual([1, 1, 1]);
    const badger = await node.connect();
    await expect(badger.enter('trial/court', 'Badger')).rejects.toMatchObject({ code: 'zone.full' });
    await hare.call('zone.leave');
    expect((await badger.enter('trial/court', 'Badger')).zone).toBe('trial/court#2');
  });

  it('ZON-10 an instance that is open can be named to be with friends, one that is not cannot', async () => {
    await using all = await startPlaces();
    const { node } = all;
    const names = ['Fox', 'Hare', 'Otter'];
    for (const name of names) await node.join(name, 'trial/hall');
    const [friend, stranger] = [await node.connect(), await node.connect()];
    for (const zone of ['trial/hall#3', 'trial/hall#99999', 'trial/hall~night#2', 'trial/yard#2', 'trial/hall@fox'])
      await expect(friend.enter(zone, 'Badger')).rejects.toMatchObject({ code: 'zone.unknown' });
    for (const zone of ['trial/hall#0', 'trial/hall#02', 'trial/hall#-1', 'trial/hall#2#2', 'trial/hall#two'])
      await expect(stranger.enter(zone, 'Badger')).rejects.toMatchObject({ code: 'zone.malformed' });
    expect((await friend.enter('trial/hall#2', 'Badger')).zone).toBe('trial/hall#2');
    expect(friend.all('walker').map(({ name }) => name)).toEqual(['Otter', 'Badger']);
    // Asked for again it stays where it is; the first has a number for who is elsewhere.
    expect((await friend.enter('trial/hall')).zone).toBe('trial/hall#2');
    await expect(friend.enter('trial/hall#1')).rejects.toMatchObject({ code: 'zone.full' });
    expect(runs(node)).not.toContain('trial/hall#3');
  });

  it('ZON-10 many who come at once are spread over the instances, none too many in one', async () => {
    await using all = await startPlaces();
    const { node } = all;
    const clients = await Promise.all(Array.from({ length: 6 }, () => node.connect()));
    const outcomes = await Promise.all(
      clients.map((client, i) =>
        client.enter('trial/hall', `Fox${i}`).then(
          ({ zone }) => zone,
          ({ code }) => code,
        ),
      ),
    );
    expect(outcomes.toSorted()).toEqual([
      ...['trial/hall', 'trial/hall', 'trial/hall#2', 'trial/hall#2'],
      ...['zone.full', 'zone.full'],
    ]);
  });

  it('ZON-10 ZON-22 a portal into a full zone leads into its next instance', async () => {
    await using all = await startPlaces();
    const { node } = all;
    await node.join('Hare', 'trial/court');
    const fox = await node.join('Fox', yard);
    await act(fox, fox.character, 'go', { zone: 'court' });
    await fox.until(() => fox.zone === 'trial/court#2' && fox.objects.has(fox.character));
    expect((await act(fox, fox.character, 'where')).result).toMatchObject({ zone: 'trial/court#2' });
  });

  it('ZON-10 an instance that a killed node had open is closed, and what stands in it comes back with it', async () => {
    await using all = await startPlaces();
    const { node } = all;
    await node.join('Fox', 'trial/court');
    const hare = await node.join('Hare', 'trial/court');
    const post = (await act(hare, hare.character, 'post', { name: 'Mine' })).result;
    await node.restart();
    const late = await node.connect();
    await expect(late.enter('trial/court#2', 'Late')).rejects.toMatchObject({ code: 'zone.unknown' });
    expect((await late.enter('trial/court', 'Late')).zone).toBe('trial/court');
    const next = await node.join('Next', 'trial/court');
    expect(next.zone).toBe('trial/court#2');
    expect((await next.one('post')).id).toBe(post);
  });
});

describe('dimensions', () => {
  it('ZON-18 the same zone in another dimension has its own people, objects and place on disk', async () => {
    await using all = await startPlaces();
    const { node } = all;
    const dream = `${yard}~dream`;
    const [fox, hare] = [await node.join('Fox', yard), await node.join('Hare', dream)];
    const [post, other] = [await fox.one('post'), await hare.one('post')];
    expect(post.id).not.toBe(other.id);
    expect([fox.objects.has(hare.character), hare.objects.has(fox.character)]).toEqual([false, false]);
    await act(hare, other.id, 'add');
    await act(fox, post.id, 'shout');
    await fox.until(() => fox.events.find((event) => event.ev === 'say'));
    await act(hare, other.id, 'add');
    expect(hare.events.filter((event) => event.ev === 'say')).toEqual([]);
    await act(fox, fox.character, 'go', { zone: 'yard~dream' });
    await fox.until(() => fox.zone === dream && fox.objects.has(hare.character));
    await node.restart();
    const again = await node.join('Fox', dream);
    expect((await again.one('post')).state.count).toBe(2);
    await expect(again.enter(`${yard}~night`)).rejects.toMatchObject({ code: 'zone.unknown' });
    await again.enter(yard);
    expect((await again.one('post')).state.count).toBe(0);
  });
});
