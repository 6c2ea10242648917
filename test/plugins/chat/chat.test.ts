import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { grantFromOutside, openAdministration } from '../admin/place.ts';
import { bearer, makeAccount, post, refusalOf } from '../auth/people.ts';
import { chats, comeAs, settled } from './people.ts';

type Said = { readonly ev: string; readonly n: string; readonly text: string };
const heard = (client: TestClient, text: string) =>
  client.until(() => (client.events as readonly Said[]).find((event) => event.ev === 'say' && event.text === text));

const isOffline = (client: TestClient, name: string) =>
  client.all('player').some((seen) => seen.name === name && !seen.words.includes('online'));

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode({ env: { ROOST_GREETING: 'Welcome to the den', ROOST_ACCOUNT_SESSIONS: 'many' } });
});
afterAll(() => node[Symbol.asyncDispose]());

describe('what is said', () => {
  it('CHT-01 reaches who is near, nobody elsewhere, under the name of the session', async () => {
    const ann = await node.join('Ann1', 'devtest/hall');
    const ben = await node.join('Ben1', 'devtest/hall');
    const eve = await node.join('Eve1', 'devtest/booth');
    const near = heard(ben, 'who is there');
    await ann.call('chat.say', { text: 'who is there' });
    expect(await near).toMatchObject({ n: 'Ann1', text: 'who is there' });
    await expect(ann.call('chat.say', { text: 'x', from: 'Ben1' })).rejects.toMatchObject({ code: 'call.bad-params' });
    await settled(eve);
    expect(eve.events).toEqual([]);
    expect(await eve.call('chat.history')).toEqual({ lines: [], more: false });
  });

  it('CHT-02 has sender, place, time and whether a player said it, and can be had since a moment', async () => {
    const ann = await node.join('Ann2', 'devtest/hall');
    for (const text of ['one', 'two', 'three']) {
      const echo = heard(ann, text);
      await ann.call('chat.say', { text });
      await echo;
    }
    type Lines = { lines: { at: number; text: string }[]; more: boolean };
    const { lines, more } = await ann.call<Lines>('chat.history');
    expect(lines.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    expect(more).toBe(false);
    expect(lines[0]).toEqual({
      ...{ from: ann.character, name: 'Ann2', text: 'one', player: true },
      ...{ x: expect.any(Number), y: expect.any(Number), at: expect.any(Number) },
    });
    const since = lines[1]?.at ?? 0;
    const later = await ann.call<Lines>('chat.history', { since });
    expect(later.lines.map(({ text }) => text)).toEqual(['two', 'three']);
    expect(await ann.call<Lines>('chat.history', { since, limit: 1 })).toMatchObject({
      lines: [{ text: 'two' }],
      more: true,
    });
    expect(await ann.call<Lines>('chat.history', { limit: 1 })).toMatchObject({
      lines: [{ text: 'three' }],
      more: true,
    });
    const late = await node.join('Late2', 'devtest/hall');
    expect(await late.call('chat.history')).toEqual({ lines: [], more: false });
  });

  it('CHT-06 is refused in the lobby, and without somebody to say it to', async () => {
    const lost = await node.connect();
    expect(await refusalOf(lost.call('chat.say', { text: 'hello' }))).toMatchObject({ code: 'call.forbidden' });
    expect(await refusalOf(lost.call('chat.whisper', { to: 'Ann1', text: 'hello' }))).toMatchObject({
      code: 'call.forbidden',
    });
    const ann = await node.join('Ann6', 'devtest/hall');
    expect(await refusalOf(ann.call('chat.whisper', { text: 'hello' }))).toMatchObject({ code: 'call.bad-params' });
    expect(await refusalOf(ann.call('chat.whisper', { to: '', text: 'hello' }))).toMatchObject({
      code: 'call.bad-params',
    });
    expect(await ann.call('chat.whisper', { to: 'lobby', text: 'hello' })).toEqual({
      delivered: false,
      reason: 'offline',
    });
    expect(await refusalOf(ann.call('room.say', { text: 'hello' }))).toMatchObject({ code: 'room.none' });
    expect(await refusalOf(ann.call('room.say', { room: 'lobby', text: 'hello' }))).toMatchObject({
      code: 'room.lobby',
    });
  });

  it('CHT-11 whoever comes in is greeted once, by the game', async () => {
    const ann = await node.join('Ann11', 'devtest/hall');
    await ann.until(() => chats(ann).length > 0);
    await ann.enter('devtest/field');
    await settled(ann);
    expect(chats(ann)).toEqual([
      { from: 'Roost, tried out', text: 'Welcome to the den', at: expect.any(Number), greeting: true },
    ]);
  });
});

describe('a whisper', () => {
  const isWhisper = ({ whisper }: { readonly whisper?: true }) => whisper === true;

  it('CHT-03 reaches exactly the one it is for, and the sender learns whether it did', async () => {
    const ann = await node.join('Ann3', 'devtest/hall');
    const ben = await node.join('Ben3', 'devtest/field');
    const eve = await node.join('Eve3', 'devtest/hall');
    expect(await ann.call('chat.whisper', { to: 'Ben3', text: 'psst' })).toEqual({ delivered: true });
    await ben.until(() => chats(ben, isWhisper).length > 0);
    expect(chats(ben, isWhisper)).toEqual([{ from: 'Ann3', text: 'psst', at: expect.any(Number), whisper: true }]);
    await Promise.all([settled(eve), settled(ann)]);
    expect([...chats(eve, isWhisper), ...chats(ann, isWhisper)]).toEqual([]);
    expect(await eve.call('chat.history')).toEqual({ lines: [], more: false });
    await ben.call('zone.leave');
    expect(await ann.call('chat.whisper', { to: 'Ben3', text: 'psst' })).toEqual({
      delivered: false,
      reason: 'offline',
    });
  });

  it('CHT-03 goes by the name as it is written, not by one that looks like it', async () => {
    const ann = await node.join('Ann3a', 'devtest/hall');
    await node.join('Ben3a', 'devtest/hall');
    const outcome = async (to: string) =>
      (await ann.call<{ delivered: boolean }>('chat.whisper', { to, text: 'psst' })).delivered;
    // The second begins with a Cyrillic letter, the third is fullwidth.
    expect([await outcome('ben3a'), await outcome('Вen3a'), await outcome('Ｂen3a')]).toEqual([false, false, true]);
  });

  it('CHT-03 to somebody whose connection was just lost is kept until he is back', async () => {
    const ann = await node.join('Ann3b', 'devtest/hall');
    const ben = await comeAs(node, 'Ben3b', 'devtest/hall');
    const gus = await node.join('Gus3b', 'devtest/hall');
    ben.client.close();
    gus.close();
    await ann.until(() => ['Ben3b', 'Gus3b'].every((name) => isOffline(ann, name)));
    expect(await ann.call('chat.whisper', { to: 'Ben3b', text: 'come back' })).toEqual({ delivered: true });
    expect(await ann.call('chat.whisper', { to: 'Gus3b', text: 'you too' })).toEqual({ delivered: true });
    const again = await node.connect({ token: ben.token });
    const guest = await node.connect({ resume: gus.resume });
    await again.until(() => chats(again, isWhisper).length > 0);
    await guest.until(() => chats(guest, isWhisper).length > 0);
    expect(chats(again, isWhisper)).toMatchObject([{ from: 'Ann3b', text: 'come back' }]);
    expect(chats(guest, isWhisper)).toMatchObject([{ from: 'Ann3b', text: 'you too' }]);
  });

  it('goes to no one at once, not to oneself, and not to who has blocked its sender', async () => {
    const ann = await node.join('Ann3c', 'devtest/hall');
    const ben = await comeAs(node, 'Ben3c', 'devtest/hall');
    expect(await refusalOf(ann.call('chat.whisper', { to: 'Ann3c', text: 'me' }))).toMatchObject({
      code: 'chat.to-yourself',
    });
    await ben.client.call('friends.block', { name: 'Ann3c' });
    const blocked = await ann.call('chat.whisper', { to: 'Ben3c', text: 'psst' });
    const unknown = await ann.call('chat.whisper', { to: 'Nobody', text: 'psst' });
    expect(blocked).toEqual(unknown);
    await settled(ben.client);
    expect(chats(ben.client, isWhisper)).toEqual([]);
    await ben.client.call('friends.unblock', { name: 'Ann3c' });
    expect(await ann.call('chat.whisper', { to: 'Ben3c', text: 'psst' })).toEqual({ delivered: true });
  });
});

describe('everybody', () => {
  it('CHT-05 CHT-04 a broadcast needs the privilege and reaches everybody on the node', async () => {
    await makeAccount(node, 'Ada5');
    await grantFromOutside(node, 'Ada5', 'broadcast');
    const token = await openAdministration(node, 'Ada5');
    const ann = await node.join('Ann5', 'devtest/hall');
    const lobby = await node.connect();
    expect(await refusalOf(ann.call('chat.broadcast', { text: 'hear me' }))).toMatchObject({ code: 'call.forbidden' });
    await post(node, 'chat.broadcast', { text: 'the den\u0007closes soon' }, bearer(token));
    for (const client of [ann, lobby]) {
      const told = await client.until(() => chats(client, ({ broadcast }) => broadcast === true)[0]);
      expect(told).toEqual({
        from: 'Roost, tried out',
        text: 'the den closes soon',
        at: expect.any(Number),
        broadcast: true,
      });
    }
    // The whisper's half of one node: from one zone to another.
    const far = await node.join('Far5', 'devtest/field');
    expect(await ann.call('chat.whisper', { to: 'Far5', text: 'you there' })).toEqual({ delivered: true });
    await far.until(() => chats(far, ({ whisper }) => whisper === true).length === 1);
  });

  it('CHT-10 who is online can be asked, by zone and in pages', async () => {
    const ann = await node.join('Ann10', 'devtest/maze');
    await node.join('Ben10', 'devtest/maze');
    const here = { zone: 'devtest/maze' };
    expect(await ann.call('chat.who', here)).toEqual({
      online: 2,
      people: [
        { name: 'Ann10', zone: 'devtest/maze', guest: true },
        { name: 'Ben10', zone: 'devtest/maze', guest: true },
      ],
      more: false,
    });
    expect(await ann.call('chat.who', { ...here, limit: 1 })).toMatchObject({
      people: [{ name: 'Ann10' }],
      more: true,
    });
    expect(await ann.call('chat.who', { ...here, after: 'Ann10' })).toMatchObject({
      people: [{ name: 'Ben10' }],
      more: false,
    });
    expect(JSON.stringify(await ann.call('chat.who'))).not.toMatch(/guest:|character:|127\.0\.0/);
    expect(await refusalOf(ann.call('chat.who', { limit: 201 }))).toMatchObject({ code: 'call.bad-params' });
  });

  it('who is muted says nothing, whispers nothing, and nothing in a room', async () => {
    await makeAccount(node, 'AdaM');
    await grantFromOutside(node, 'AdaM', 'moderate');
    const token = await openAdministration(node, 'AdaM');
    const loud = await comeAs(node, 'LoudM', 'devtest/hall');
    await loud.client.call('room.create', { room: 'loud-room' });
    await post(node, 'admin.mute', { name: 'LoudM', seconds: 600 }, bearer(token));
    for (const [method, params] of [
      ['chat.say', { text: 'a' }],
      ['chat.whisper', { to: 'Nobody', text: 'a' }],
      ['room.say', { text: 'a' }],
    ] as const)
      expect(await refusalOf(loud.client.call(method, params))).toMatchObject({ code: 'chat.muted' });
    await post(node, 'admin.unmute', { name: 'LoudM' }, bearer(token));
    await loud.client.call('chat.say', { text: 'at last' });
  });
});
