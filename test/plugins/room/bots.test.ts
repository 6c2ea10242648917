import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { refusalOf } from '../auth/people.ts';
import { chats, settled } from '../chat/people.ts';
import { withServer } from './own.ts';

let own: Awaited<ReturnType<typeof withServer>>;
let node: TestNode;
beforeAll(async () => {
  own = await withServer();
  node = await startTestNode({ plugins: [own.folder] });
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
});

const events = (client: TestClient, name: string) =>
  client.messages.filter(({ event }) => event === name).map(({ data }) => data as Record<string, unknown>);

/** A connection that the server makes the bot of a room. */
async function attach(room: string) {
  const client = await node.connect();
  const session = await client.call<string>('as.me');
  const server = (method: string, params: object) =>
    client.call('as.server', { method, params: { room, session, ...params } });
  return { client, session, server, attached: await server('room.attach', { name: 'quizmaster' }) };
}

describe('a room with a bot', () => {
  it('ZON-19 stays without members as long as the bot is there, and goes with it', async () => {
    const bot = await attach('quiz-a');
    expect(bot.attached).toEqual({ room: 'quiz-a', members: [] });
    const ann = await node.join('AnnA', 'devtest/hall');
    const list = async () => (await ann.call<{ rooms: object[] }>('room.list')).rooms;
    expect(await ann.call('room.join', { room: 'quiz-a' })).toEqual({ room: 'quiz-a', members: 1, bot: 'quizmaster' });
    await ann.call('room.leave');
    expect(await list()).toContainEqual({ room: 'quiz-a', members: 0, bot: 'quizmaster' });
    await ann.call('room.join', { room: 'quiz-a' });
    bot.client.close();
    await ann.until(() => events(ann, 'room-closed').length > 0);
    expect(events(ann, 'room-closed')).toEqual([{ room: 'quiz-a' }]);
    expect(await list()).not.toContainEqual(expect.objectContaining({ room: 'quiz-a' }));
    expect(await refusalOf(ann.call('room.say', { room: 'quiz-a', text: 'x' }))).toMatchObject({
      code: 'room.unknown',
    });
  });

  it('tells the bot what is said, who comes and who goes; the bot answers all, or one', async () => {
    const bot = await attach('quiz-b');
    const ann = await node.join('AnnB', 'devtest/hall');
    const ben = await node.join('BenB', 'devtest/field');
    for (const one of [ann, ben]) await one.call('room.join', { room: 'quiz-b' });
    await ann.call('room.say', { text: 'is it a hen?' });
    await bot.client.until(() => events(bot.client, 'room-message').length > 0);
    const member = { name: 'AnnB', session: expect.any(String), owner: expect.stringMatching(/^guest:[0-9a-f]{16}$/) };
    expect(events(bot.client, 'room-message')).toEqual([{ room: 'quiz-b', text: 'is it a hen?', from: member }]);
    expect(events(bot.client, 'room-joined')).toMatchObject([{ name: 'AnnB', member }, { name: 'BenB' }]);
    expect(JSON.stringify(events(ann, 'room-joined'))).not.toContain('member');
    const [told] = events(bot.client, 'room-message') as [{ from: { session: string } }];
    const say = (more: object) => bot.server('room.relay', { event: 'chat', ...more });
    const data = { from: 'quizmaster', text: 'it is', at: 1, room: 'quiz-b' };
    expect(await say({ data })).toEqual({ sent: 2 });
    expect(await say({ data: { ...data, text: 'well done' }, to: told.from.session })).toEqual({ sent: 1 });
    await ann.until(() => chats(ann).length === 3);
    await settled(ben);
    expect(chats(ben).map(({ text }) => text)).toEqual(['is it a hen?', 'it is']);
    const stranger = await attach('quiz-c');
    expect(await refusalOf(say({ data, to: stranger.session }))).toMatchObject({ code: 'room.not-member' });
    await ben.call('room.leave');
    await bot.client.until(() => events(bot.client, 'room-left').length > 0);
    expect(events(bot.client, 'room-left')).toMatchObject([{ room: 'quiz-b', name: 'BenB', member: { name: 'BenB' } }]);
  });

  it('has one bot, and no one else speaks for it', async () => {
    const bot = await attach('quiz-d');
    const other = await node.connect();
    const session = await other.call<string>('as.me');
    const asOther = (method: string, params: object) =>
      refusalOf(other.call('as.server', { method, params: { room: 'quiz-d', session, ...params } }));
    expect(await asOther('room.attach', { name: 'liar' })).toMatchObject({ code: 'room.taken' });
    expect(await asOther('room.relay', { event: 'chat', data: {} })).toMatchObject({ code: 'room.unknown' });
    expect(await asOther('room.roster', {})).toMatchObject({ code: 'room.unknown' });
    expect(await asOther('room.detach', {})).toMatchObject({ code: 'room.unknown' });
    const ann = await node.join('AnnD', 'devtest/hall');
    for (const method of ['attach', 'detach', 'relay', 'roster'])
      expect(await refusalOf(ann.call(`room.${method}`, { room: 'quiz-d', session: bot.session }))).toMatchObject({
        code: expect.stringMatching(/^call\.(forbidden|bad-params)$/),
      });
    // A room that somebody has made before is not the bot's to lose.
    await ann.call('room.create', { room: 'quiz-e' });
    expect((await attach('quiz-e')).attached).toMatchObject({ members: [{ name: 'AnnD' }] });
    // Its members hear that it listens from now on; who hides from others hides from it.
    await ann.until(() => events(ann, 'room-bot').length > 0);
    expect(events(ann, 'room-bot')).toEqual([{ room: 'quiz-e', bot: 'quizmaster' }]);
    await ann.call('room.create', { room: 'quiz-h', hidden: true });
    expect(await refusalOf(attach('quiz-h'))).toMatchObject({ code: 'room.taken' });
    expect(await ann.call('room.members', { room: 'quiz-h' })).toMatchObject({ bot: null });
    expect(await bot.server('room.detach', {})).toEqual({ room: 'quiz-d' });
  });

  it('rooms stay when the plugin is loaded anew', async () => {
    const bot = await attach('quiz-f');
    const ann = await node.join('AnnF', 'devtest/hall');
    const ben = await node.join('BenF', 'devtest/hall');
    for (const one of [ann, ben]) await one.call('room.join', { room: 'quiz-f' });
    await ben.call('room.create', { room: 'secret-f', hidden: true });
    await ben.call('as.reload', { plugin: 'room' });
    expect(await ann.call('room.say', { text: 'still there?' })).toEqual({ delivered: 1, missed: [] });
    await bot.client.until(() => events(bot.client, 'room-message').length > 0);
    expect(await ben.call('room.members', { room: 'secret-f' })).toMatchObject({ members: [{ name: 'BenF' }] });
    expect(JSON.stringify(await ann.call('room.list'))).not.toContain('secret-f');
  });
});
