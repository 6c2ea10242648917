import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { bearer, post, refusalOf } from '../auth/people.ts';
import { chats, comeAs, settled } from '../chat/people.ts';

type Coming = { readonly room: string; readonly name: string; readonly avatar: string | null };
const told = (client: TestClient, event: string) =>
  client.messages.filter((message) => message.event === event).map(({ data }) => data as Coming);

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode();
});
afterAll(() => node[Symbol.asyncDispose]());

const rooms = async (client: TestClient) =>
  (await client.call<{ rooms: { room: string; members: number }[] }>('room.list')).rooms.map(({ room }) => room);

describe('a room', () => {
  it('ZON-19 is there on demand and gone with its last member; one that does not exist is refused', async () => {
    const ann = await node.join('Ann19', 'devtest/hall');
    const ben = await node.join('Ben19', 'devtest/field');
    expect(await refusalOf(ann.call('room.join', { room: 'attic19' }))).toMatchObject({ code: 'room.unknown' });
    expect(await ann.call('room.create', { room: 'attic19' })).toEqual({ room: 'attic19', members: 1, bot: null });
    expect(await refusalOf(ben.call('room.create', { room: 'attic19' }))).toMatchObject({ code: 'room.taken' });
    expect(await ben.call('room.join', { room: 'attic19' })).toEqual({ room: 'attic19', members: 2, bot: null });
    expect(await rooms(ben)).toContain('attic19');
    await ann.call('room.leave');
    await ben.call('room.leave', { room: 'attic19' });
    expect(await rooms(ben)).not.toContain('attic19');
    expect(await refusalOf(ann.call('room.join', { room: 'attic19' }))).toMatchObject({ code: 'room.unknown' });
  });

  it('ZON-19 the lobby is always there, and is no target', async () => {
    const ann = await node.join('Ann19b', 'devtest/hall');
    expect(await ann.call('room.join', { room: 'lobby' })).toEqual({ room: 'lobby', members: 0, bot: null });
    expect(await refusalOf(ann.call('room.create', { room: 'lobby' }))).toMatchObject({ code: 'room.taken' });
    for (const method of ['room.say', 'room.members', 'room.leave'])
      expect(
        await refusalOf(ann.call(method, { room: 'lobby', ...(method === 'room.say' ? { text: 'x' } : {}) })),
      ).toMatchObject({ code: 'room.lobby' });
    expect(await rooms(ann)).not.toContain('lobby');
  });

  it('ZON-20 CHT-12 its members are listed with their avatars, and who comes and goes is announced with his', async () => {
    const ann = await comeAs(node, 'Ann20', 'devtest/hall');
    const gus = await node.join('Gus20', 'devtest/field');
    await ann.client.call('auth.set-avatar', { avatar: 'face-of-ann' });
    await gus.call('room.create', { room: 'porch20' });
    await ann.client.call('room.join', { room: 'porch20' });
    await gus.until(() => told(gus, 'room-joined').length > 0);
    const coming = { room: 'porch20', name: 'Ann20', avatar: 'face-of-ann' };
    expect(told(gus, 'room-joined')).toEqual([coming]);
    expect(told(ann.client, 'room-joined')).toEqual([]);
    const { members } = await ann.client.call<{ members: unknown }>('room.members', { room: 'porch20' });
    expect(members).toEqual([
      { name: 'Ann20', avatar: 'face-of-ann' },
      { name: 'Gus20', avatar: null },
    ]);
    expect(await refusalOf(ann.client.call('room.members', { room: 'lobby' }))).toMatchObject({ code: 'room.lobby' });
    const out = await node.join('Out20', 'devtest/hall');
    expect(await refusalOf(out.call('room.members', { room: 'porch20' }))).toMatchObject({ code: 'room.unknown' });
    expect(await refusalOf(out.call('room.members'))).toMatchObject({ code: 'room.none' });
    await ann.client.call('room.leave');
    await gus.until(() => told(gus, 'room-left').length > 0);
    expect(told(gus, 'room-left')).toEqual([coming]);
  });

  it('CHT-08 what is said on a channel reaches its subscribers in every zone, and nobody else', async () => {
    const ann = await node.join('Ann8', 'devtest/hall');
    const ben = await node.join('Ben8', 'devtest/field');
    const eve = await node.join('Eve8', 'devtest/hall');
    await ann.call('room.join', { room: 58 });
    await ben.call('room.join', { room: '58' });
    await eve.call('room.join', { room: 59 });
    expect(await ann.call('room.say', { room: 58, text: 'on air' })).toEqual({ delivered: 1, missed: [] });
    await ben.until(() => chats(ben).length > 0);
    await Promise.all([settled(ann), settled(eve)]);
    const line = { from: 'Ann8', text: 'on air', at: expect.any(Number), room: '58' };
    expect([chats(ann), chats(ben), chats(eve)]).toEqual([[line], [line], []]);
    for (const room of [0, 10_000, 1.5, '058'])
      expect(await refusalOf(ann.call('room.join', { room }))).toMatchObject({ code: 'call.bad-params' });
  });

  it('CHT-07 one who cannot be reached keeps nobody else from hearing it, and the sender is told who', async () => {
    const ann = await node.join('Ann7', 'devtest/hall');
    const ben = await node.join('Ben7', 'devtest/hall');
    const lost = await node.join('Lost7', 'devtest/hall');
    // Over HTTP there is nothing to send to.
    const web = await post<{ resume: string }>(node, 'zone.enter', { zone: 'devtest/hall', name: 'Web7' });
    await ann.call('room.create', { room: 'yard7' });
    for (const one of [lost, ben]) await one.call('room.join', { room: 'yard7' });
    await post(node, 'room.join', { room: 'yard7' }, bearer(web.result.resume));
    lost.close();
    await ann.until(() => ann.all('player').find(({ name, words }) => name === 'Lost7' && !words.includes('online')));
    expect(await ann.call('room.say', { text: 'still here?' })).toEqual({ delivered: 1, missed: ['Lost7', 'Web7'] });
    await ben.until(() => chats(ben).length > 0);
    // Who comes back within the grace time is still in the room.
    const back = await node.connect({ resume: lost.resume });
    await back.until(() => back.messages.some(({ event }) => event === 'resumed'));
    expect(await ben.call('room.say', { text: 'there you are' })).toEqual({ delivered: 2, missed: ['Web7'] });
    await back.until(() => chats(back).length > 0);
    expect(await back.call('room.say', { text: 'yes' })).toMatchObject({ delivered: 2 });
  });

  it('goes along from zone to zone, and is over with the character', async () => {
    const ann = await node.join('AnnZ', 'devtest/hall');
    const ben = await node.join('BenZ', 'devtest/hall');
    await ann.call('room.create', { room: 'coach' });
    await ben.call('room.join', { room: 'coach' });
    await ben.enter('devtest/field');
    expect(await ann.call('room.say', { text: 'where are you' })).toEqual({ delivered: 1, missed: [] });
    await ben.call('zone.leave');
    expect(await refusalOf(ben.call('room.say', { text: 'nowhere' }))).toMatchObject({ code: 'call.forbidden' });
    await ann.until(() => told(ann, 'room-left').length > 0);
    expect(told(ann, 'room-left')).toEqual([{ room: 'coach', name: 'BenZ', avatar: null }]);
  });
});
