import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { makeAccount, password, refusalOf } from '../auth/people.ts';
import { chats, comeAs, settled } from '../chat/people.ts';
import { withServer } from '../room/own.ts';

type List = {
  readonly friends: readonly { readonly name: string; readonly online: boolean }[];
  readonly asked: readonly { readonly name: string }[];
  readonly requests: readonly { readonly name: string; readonly text: string | null }[];
};

/** What no client could do: `as.sql`. */
const sql = `import { defineMethod, z } from 'roost/plugin';
export default defineMethod({
  params: z.object({ sql: z.string() }),
  handle: ({ params, host }) => host.db.transaction((trx) => trx.run(params.sql)),
});
`;

let own: Awaited<ReturnType<typeof withServer>>;
let node: TestNode;
beforeAll(async () => {
  own = await withServer();
  await writeFile(join(own.folder, 'as/sql.ts'), sql, { mode: 0o644 });
  node = await startTestNode({ plugins: [own.folder] });
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
});

const list = (client: TestClient) => client.call<List>('friends.list');
const told = (client: TestClient, name: string) =>
  client.messages.filter(({ event }) => event === name).map(({ data }) => data);
/** Somebody with a character that is not in the game yet. */
async function makeAbsent(name: string) {
  const { token } = await makeAccount(node, name);
  const client = await node.connect({ token });
  await client.call('character.create', { name });
  return { client, token };
}

describe('friends', () => {
  it('EVT-07 a request needs consent, carries a line, note and rating, and both lose a friendship that one ends', async () => {
    const ann = await comeAs(node, 'Ann7', 'devtest/hall');
    const ben = await comeAs(node, 'Ben7', 'devtest/field');
    const asked = await ann.client.call('friends.add', {
      name: 'Ben7',
      text: 'It is\u202e me',
      note: 'cook',
      rating: 4,
    });
    expect(asked).toEqual({ name: 'Ben7', state: 'asked' });
    await ben.client.until(() => told(ben.client, 'friend-request').length > 0);
    expect(told(ben.client, 'friend-request')).toEqual([{ from: 'Ann7', text: 'It is me' }]);
    const since = expect.any(Number);
    expect(await list(ann.client)).toEqual({
      friends: [],
      asked: [{ name: 'Ben7', note: 'cook', rating: 4, at: since }],
      requests: [],
    });
    expect(await list(ben.client)).toEqual({
      friends: [],
      asked: [],
      requests: [{ name: 'Ann7', text: 'It is me', at: since }],
    });
    expect(await refusalOf(ann.client.call('friends.accept', { name: 'Ben7' }))).toMatchObject({
      code: 'friends.no-request',
    });
    expect(await ben.client.call('friends.accept', { name: 'Ann7' })).toEqual({ name: 'Ann7', state: 'friend' });
    await ann.client.until(() => told(ann.client, 'friend').length > 0);
    expect(await list(ann.client)).toEqual({
      friends: [{ name: 'Ben7', online: true, note: 'cook', rating: 4, since }],
      ...{ asked: [], requests: [] },
    });
    expect(await ben.client.call('friends.note', { name: 'Ann7', text: 'owes me an egg', rating: 2 })).toEqual({
      ...{ name: 'Ann7', note: 'owes me an egg', rating: 2 },
    });
    expect(await list(ben.client)).toMatchObject({ friends: [{ name: 'Ann7', note: 'owes me an egg', rating: 2 }] });
    expect(JSON.stringify(await list(ann.client))).not.toContain('egg');
    await ann.client.call('friends.remove', { name: 'Ben7' });
    await ben.client.until(() => told(ben.client, 'friend-removed').length > 0);
    const nobody = { friends: [], asked: [], requests: [] };
    expect([await list(ann.client), await list(ben.client)]).toEqual([nobody, nobody]);
    expect(await refusalOf(ann.client.call('friends.remove', { name: 'Ben7' }))).toMatchObject({
      code: 'friends.none',
    });
  });

  it('CHT-09 a buddy who is offline can be added, and his coming and going is told', async () => {
    const ann = await comeAs(node, 'Ann9', 'devtest/hall');
    const ben = await makeAbsent('Ben9');
    await ann.client.call('friends.add', { name: 'Ben9' });
    await ben.client.call('character.choose', { name: 'Ben9' });
    expect(await list(ben.client)).toMatchObject({ requests: [{ name: 'Ann9', text: null }] });
    await ben.client.call('friends.accept', { name: 'Ann9' });
    await ben.client.enter('devtest/field');
    const online = { name: 'Ben9', online: true };
    await ann.client.until(() =>
      told(ann.client, 'friend').some((data) => JSON.stringify(data) === JSON.stringify(online)),
    );
    expect(await list(ann.client)).toMatchObject({ friends: [{ name: 'Ben9', online: true }] });
    await ben.client.call('zone.leave');
    ben.client.close();
    await ann.client.until(() =>
      told(ann.client, 'friend').some((data) => (data as { online: boolean }).online === false),
    );
    expect(await list(ann.client)).toMatchObject({ friends: [{ name: 'Ben9', online: false }] });
    const before = told(ann.client, 'friend').length;
    const again = await node.connect({ token: ben.token });
    await again.call('character.choose', { name: 'Ben9' });
    await ann.client.until(() => told(ann.client, 'friend').length > before);
    expect(told(ann.client, 'friend').at(-1)).toEqual(online);
  });

  it('a request that was declined is not told, and does not come again', async () => {
    const ann = await comeAs(node, 'Ann1', 'devtest/hall');
    const ben = await comeAs(node, 'Ben1', 'devtest/hall');
    await ann.client.call('friends.add', { name: 'Ben1' });
    await ben.client.call('friends.decline', { name: 'Ann1' });
    expect(await list(ann.client)).toMatchObject({ friends: [], asked: [{ name: 'Ben1' }] });
    await ann.client.call('friends.remove', { name: 'Ben1' });
    expect(await ann.client.call('friends.add', { name: 'Ben1' })).toEqual({ name: 'Ben1', state: 'asked' });
    await settled(ben.client);
    expect(told(ben.client, 'friend-request')).toHaveLength(1);
    expect(await list(ben.client)).toMatchObject({ requests: [] });
    expect(await refusalOf(ben.client.call('friends.accept', { name: 'Ann1' }))).toMatchObject({
      code: 'friends.no-request',
    });
    // Whoever declined may think again.
    expect(await ben.client.call('friends.add', { name: 'Ann1' })).toEqual({ name: 'Ann1', state: 'friend' });
  });

  it('two who ask each other at once are friends, once', async () => {
    const ann = await comeAs(node, 'Ann5', 'devtest/hall');
    const ben = await comeAs(node, 'Ben5', 'devtest/hall');
    const add = (client: TestClient, name: string) => client.call<{ state: string }>('friends.add', { name });
    const states = (await Promise.all([add(ann.client, 'Ben5'), add(ben.client, 'Ann5')])).map(({ state }) => state);
    expect(states.toSorted()).toEqual(['asked', 'friend']);
    expect(await add(ann.client, 'Ben5')).toEqual({ name: 'Ben5', state: 'friend' });
    expect(await list(ann.client)).toMatchObject({ friends: [{ name: 'Ben5' }], asked: [], requests: [] });
    expect(await list(ben.client)).toMatchObject({ friends: [{ name: 'Ann5' }], asked: [], requests: [] });
  });

  it('who is blocked asks, whispers and looks in vain, and cannot tell why', async () => {
    const ann = await comeAs(node, 'Ann2', 'devtest/hall');
    const ben = await comeAs(node, 'Ben2', 'devtest/hall');
    await ann.client.call('friends.add', { name: 'Ben2' });
    await ben.client.call('friends.accept', { name: 'Ann2' });
    expect(await ben.client.call('friends.block', { name: 'Ann2' })).toEqual({ name: 'Ann2' });
    expect(await ben.client.call('friends.blocked')).toEqual({
      blocked: [{ name: 'Ann2', since: expect.any(Number) }],
    });
    expect(await list(ann.client)).toMatchObject({ friends: [] });
    const requests = told(ben.client, 'friend-request').length;
    expect(await ann.client.call('friends.add', { name: 'Ben2' })).toEqual({ name: 'Ben2', state: 'asked' });
    expect(await ann.client.call('chat.whisper', { to: 'Ben2', text: 'psst' })).toEqual({
      delivered: false,
      reason: 'offline',
    });
    await settled(ben.client);
    expect(told(ben.client, 'friend-request')).toHaveLength(requests);
    expect(chats(ben.client)).toEqual([]);
    expect(await list(ben.client)).toMatchObject({ friends: [], requests: [] });
    expect(await refusalOf(ben.client.call('friends.add', { name: 'Ann2' }))).toMatchObject({
      code: 'friends.blocked',
    });
    expect(await ben.client.call('friends.unblock', { name: 'Ann2' })).toEqual({ name: 'Ann2' });
    expect(await list(ben.client)).toMatchObject({ requests: [] });
    expect(await refusalOf(ben.client.call('friends.unblock', { name: 'Ann2' }))).toMatchObject({
      code: 'friends.none',
    });
    // Who is let in again can ask again.
    expect(await ann.client.call('friends.add', { name: 'Ben2', text: 'Sorry' })).toMatchObject({ state: 'asked' });
    await ben.client.until(() => told(ben.client, 'friend-request').length > requests);
    expect(await list(ben.client)).toMatchObject({ requests: [{ name: 'Ann2', text: 'Sorry' }] });
  });

  it('EVT-07 note and rating are kept also where nothing comes of the request that they came with', async () => {
    const ann = await comeAs(node, 'Ann6', 'devtest/hall');
    const ben = await comeAs(node, 'Ben6', 'devtest/hall');
    await ann.client.call('friends.add', { name: 'Ben6' });
    await ben.client.call('friends.add', { name: 'Ann6', note: 'the cook', rating: 5 });
    expect(await list(ben.client)).toMatchObject({ friends: [{ name: 'Ann6', note: 'the cook', rating: 5 }] });
    await ann.client.call('friends.add', { name: 'Ben6', note: 'eats a lot' });
    expect(await list(ann.client)).toMatchObject({ friends: [{ name: 'Ben6', note: 'eats a lot', rating: null }] });
  });

  it('are no more than 200 with the open requests, also of those that were taken back and are made again', async () => {
    const ann = await comeAs(node, 'Ann8', 'devtest/hall');
    await comeAs(node, 'Ben8', 'devtest/hall');
    await ann.client.call('friends.add', { name: 'Ben8' });
    await ann.client.call('friends.remove', { name: 'Ben8' });
    await ann.client.call('as.sql', {
      sql: `with recursive n(i) as (select 1 union all select i + 1 from n where i < 200)
        insert into buddies (owner, other, state, created)
        select owner, 'character:' || i, 'friend', i from n, (select owner from buddies where withdrawn = 1)`,
    });
    expect(await refusalOf(ann.client.call('friends.add', { name: 'Ben8' }))).toMatchObject({
      code: 'friends.too-many',
    });
  });

  it('are characters of accounts: strangers and guests have none, and nobody is his own', async () => {
    const guest = await node.join('Gus3', 'devtest/hall');
    const stranger = await node.connect();
    const ann = await comeAs(node, 'Ann3', 'devtest/hall');
    const bare = await makeAbsent('Bea3');
    for (const method of ['add', 'accept', 'decline', 'remove', 'note']) {
      const params = { name: 'Ann3' };
      expect(await refusalOf(guest.call(`friends.${method}`, params))).toMatchObject({ code: 'call.forbidden' });
      expect(await refusalOf(bare.client.call(`friends.${method}`, params))).toMatchObject({ code: 'character.none' });
    }
    expect(await refusalOf(stranger.call('friends.block', { name: 'Ann3' }))).toMatchObject({ code: 'character.none' });
    for (const method of ['blocks', 'forget'])
      expect(await refusalOf(ann.client.call(`friends.${method}`, { owner: 'x', other: 'y' }))).toMatchObject({
        code: expect.stringMatching(/^call\.(forbidden|bad-params)$/),
      });
    for (const name of ['Gus3', 'Nobody', 'ann3', "'; drop table buddies; --"])
      expect(await refusalOf(ann.client.call('friends.accept', { name }))).toMatchObject({ code: 'friends.unknown' });
    expect(await refusalOf(ann.client.call('friends.add', { name: 'Ann3' }))).toMatchObject({
      code: 'friends.yourself',
    });
    expect(await guest.call('friends.block', { name: 'Ann3' })).toEqual({ name: 'Ann3' });
    expect(await ann.client.call('chat.whisper', { to: 'Gus3', text: 'x' })).toEqual({
      delivered: false,
      reason: 'offline',
    });
  });

  it('nothing is left of a character that is deleted', async () => {
    const ann = await comeAs(node, 'Ann4', 'devtest/hall');
    const ben = await comeAs(node, 'Ben4', 'devtest/hall');
    await ann.client.call('friends.add', { name: 'Ben4' });
    await ben.client.call('friends.accept', { name: 'Ann4' });
    expect(await list(ann.client)).toMatchObject({ friends: [{ name: 'Ben4' }] });
    await ben.client.call('zone.leave');
    ben.client.close();
    const again = await node.connect({ token: (await relogin('Ben4')).token });
    await again.call('character.delete', { name: 'Ben4' });
    expect(await list(ann.client)).toMatchObject({ friends: [] });
    await ann.client.call('as.server', { method: 'friends.forget', params: { account: '0000000000000000' } });
    expect(await refusalOf(ann.client.call('friends.remove', { name: 'Ben4' }))).toMatchObject({
      code: 'friends.unknown',
    });
  });
});

async function relogin(name: string): Promise<{ readonly token: string }> {
  const client = await node.connect();
  return await client.call('auth.login', { name, password });
}
