import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { bearer, post, refusalOf } from '../auth/people.ts';
import { chats, settled } from '../chat/people.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode();
});
afterAll(() => node[Symbol.asyncDispose]());

it('names of rooms are plain words, whatever is tried', async () => {
  const ann = await node.join('Ann', 'devtest/hall');
  const names = [
    ...[
      '__proto__',
      'Quiz',
      'quiz room',
      'quiz\n',
      'qu\u0131z',
      'quiz\u200b',
      '../etc',
      "x'; drop table rooms; --",
      'a',
    ],
    ...['x'.repeat(33), '-quiz', '', 'quіz', '☃☃', ' quiz'],
  ];
  for (const room of [...names, null, {}, ['quiz'], -1]) {
    expect(await refusalOf(ann.call('room.leave', { room }))).toMatchObject({ code: 'call.bad-params' });
  }
  expect(await refusalOf(ann.call('room.create', { room: 'constructor\u0000' }))).toMatchObject({
    code: 'call.bad-params',
  });
  expect(await ann.call('room.create', { room: 'constructor' })).toMatchObject({ room: 'constructor' });
  expect(await refusalOf(ann.call('room.say', { room: 'tostring', text: 'x' }))).toMatchObject({
    code: 'room.unknown',
  });
});

it('who is not in a room cannot tell it from one that does not exist, and hears and says nothing there', async () => {
  const ann = await node.join('Ann2', 'devtest/hall');
  const eve = await node.join('Eve2', 'devtest/hall');
  await ann.call('room.create', { room: 'vault', hidden: true });
  for (const [method, params] of [
    ['room.say', { text: 'let me in' }],
    ['room.members', {}],
    ['room.leave', {}],
  ] as const) {
    const there = await refusalOf(eve.call(method, { room: 'vault', ...params }));
    expect(there).toEqual(await refusalOf(eve.call(method, { room: 'nowhere', ...params })));
    expect(there.code).toBe('room.unknown');
  }
  await ann.call('room.say', { text: 'only for us' });
  await Promise.all([settled(ann), settled(eve)]);
  expect(chats(eve)).toEqual([]);
  expect(chats(ann).map(({ text }) => text)).toEqual(['only for us']);
});

it('all of it can be done by POST /rpc, where nothing is heard', async () => {
  const { resume } = (await post<{ resume: string }>(node, 'zone.enter', { zone: 'devtest/hall', name: 'Curl' }))
    .result;
  const curl = async (method: string, params: object = {}) => (await post(node, method, params, bearer(resume))).result;
  const ann = await node.join('Ann5', 'devtest/hall');
  await ann.call('room.join', { room: 77 });
  expect(await curl('room.join', { room: 77 })).toEqual({ room: '77', members: 2, bot: null });
  expect(await curl('room.say', { text: 'from afar' })).toEqual({ delivered: 1, missed: [] });
  expect(await curl('chat.whisper', { to: 'Ann5', text: 'psst' })).toEqual({ delivered: true });
  await ann.until(() => chats(ann).length === 2);
  expect(chats(ann).map(({ from, text }) => [from, text])).toEqual([
    ['Curl', 'from afar'],
    ['Curl', 'psst'],
  ]);
  expect(await curl('room.members')).toMatchObject({ members: [{ name: 'Ann5' }, { name: 'Curl' }] });
  expect(await ann.call('chat.whisper', { to: 'Curl', text: 'psst' })).toEqual({ delivered: false, reason: 'offline' });
  expect(await curl('room.leave')).toEqual({ room: '77' });
});

it('one makes few rooms, and is in few; strangers none', async () => {
  const stranger = await node.connect();
  expect(await refusalOf(stranger.call('room.create', { room: 'flood' }))).toMatchObject({ code: 'call.forbidden' });
  // Guests of one address count together.
  const guests = await Promise.all([1, 2, 3, 4, 5].map((n) => node.join(`Flo${n}`, 'devtest/hall')));
  const codes: string[] = [];
  for (const [n, guest] of guests.entries())
    for (let i = 0; i < 5; i++)
      codes.push(
        await guest.call('room.create', { room: `flood-${n}-${i}` }).then(
          () => 'ok',
          ({ code }) => code,
        ),
      );
  expect(codes.filter((code) => code === 'ok').length).toBeLessThanOrEqual(20);
  expect(codes.at(-1)).toBe('room.too-many');
  const busy = await node.join('Busy', 'devtest/hall');
  const joined: string[] = [];
  for (const name of codes
    .flatMap((code, at) => (code === 'ok' ? [`flood-${Math.floor(at / 5)}-${at % 5}`] : []))
    .slice(0, 11))
    joined.push(
      await busy.call('room.join', { room: name }).then(
        () => 'ok',
        ({ code }) => code,
      ),
    );
  expect(joined.filter((code) => code === 'ok')).toHaveLength(10);
  expect(joined.at(-1)).toMatch(/^(room\.too-many|call\.too-fast)$/);
});
