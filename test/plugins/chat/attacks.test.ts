import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { refusalOf } from '../auth/people.ts';
import { chats, settled } from './people.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode();
});
afterAll(() => node[Symbol.asyncDispose]());

/** What nobody may get: controls, invisible and direction-changing ones, towers of marks. */
const harmful = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u{e0001}]|\p{M}{5}/u;
const nasty = [
  'bell\u0007 and \u001b[2Jclear',
  'two\r\nlines\u2028and three',
  'right\u202eot tfel\u2066',
  `za${'\u0301\u0317'.repeat(100)}lgo`,
  'ta\u{e0001}g zero\u200bwidth \ufeffmark',
];

it('M-5 nothing that is not text reaches anybody, and nothing of it the log', async () => {
  const ann = await node.join('Ann', 'devtest/hall');
  const ben = await node.join('Ben', 'devtest/hall');
  await ann.call('room.create', { room: 'attic' });
  await ben.call('room.join', { room: 'attic' });
  for (const text of nasty) {
    await ann.call('chat.say', { text });
    await ann.call('chat.whisper', { to: 'Ben', text });
    await ann.call('room.say', { room: 'attic', text });
  }
  await ben.until(() => chats(ben).length === 2 * nasty.length);
  await ben.until(() => ben.events.filter(({ ev }) => ev === 'say').length === nasty.length);
  for (const text of [
    ...chats(ben).map((one) => one.text),
    ...ben.events.flatMap((event) => (event.ev === 'say' ? [event.text] : [])),
  ])
    expect(text).not.toMatch(harmful);
  expect(node.words).not.toMatch(/clear|lgo|ot tfel/);
  for (const text of ['\u202e\u200b', ' \n ', '\u0301', ''])
    expect(await refusalOf(ben.call('chat.whisper', { to: 'Ann', text }))).toMatchObject({ code: 'call.bad-params' });
});

it('H-19 a flood of long lines ends at the rate, and longer ones at the door', async () => {
  const ann = await node.join('Flo', 'devtest/hall');
  const ben = await node.join('Flu', 'devtest/hall');
  expect(await refusalOf(ann.call('chat.whisper', { to: 'Flu', text: 'x'.repeat(501) }))).toMatchObject({
    code: 'call.bad-params',
  });
  const answers = await Promise.allSettled(
    Array.from({ length: 50 }, () => ann.call('chat.whisper', { to: 'Flu', text: 'x'.repeat(500) })),
  );
  const through = answers.filter(({ status }) => status === 'fulfilled').length;
  expect(through).toBeLessThan(15);
  await settled(ben);
  expect(chats(ben)).toHaveLength(through);
});

it('what was whispered or said in a room is in no file', async () => {
  const ann = await node.join('Sly', 'devtest/hall');
  await node.join('Spy', 'devtest/hall');
  await ann.call('chat.whisper', { to: 'Spy', text: 'the key is under the mat' });
  await ann.call('room.create', { room: 'cellar' });
  await ann.call('room.say', { text: 'the key is under the mat' });
  const database = await readFile(join(node.data, 'roost.db'));
  const log = await readFile(join(node.data, 'roost.db-wal')).catch(() => Buffer.alloc(0));
  expect(Buffer.concat([database, log]).includes('under the mat')).toBe(false);
  expect(node.words).not.toContain('under the mat');
});
