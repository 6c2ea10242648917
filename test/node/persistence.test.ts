import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Connection, openConnection } from '../../core/store/connection.ts';
import type { TestNode } from '../support/node.ts';
import { act, startTrial } from '../support/trial.ts';

const yard = 'trial/yard';

/** Another program that has the database open. */
async function openBeside(node: TestNode): Promise<Connection & AsyncDisposable> {
  const connection = await openConnection(join(node.data, 'roost.db'), ['pragma busy_timeout = 2000']);
  return { ...connection, [Symbol.asyncDispose]: () => connection.close() };
}

describe('what was acknowledged', () => {
  it('PER-01 PER-11 is there after kill -9 at once; what was not may be', async () => {
    await using all = await startTrial({ env: { ROOST_FLUSH_MS: '60000' } });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    expect((await act(fox, post.id, 'bump')).result).toBe(1);
    expect((await act(fox, post.id, 'add')).result).toBe(2);
    const made = (await act(fox, fox.character, 'post', { name: 'New' })).result;
    expect((await act(fox, post.id, 'bump')).result).toBe(3);
    await node.restart('SIGKILL');
    const hare = await node.join('Hare', yard);
    expect((await hare.one('post')).state.count).toBe(2);
    expect(hare.objects.get(made as string)).toMatchObject({ kind: 'post', name: 'New' });
  });

  it('PER-02 no id comes twice, however often the node is killed', { timeout: 90_000 }, async () => {
    await using all = await startTrial();
    const { node } = all;
    const ids: string[] = [];
    for (let life = 0; life < 3; life++) {
      const fox = await node.join('Fox', yard);
      ids.push(fox.character, (await act(fox, fox.character, 'coin')).result as string);
      ids.push((await act(fox, fox.character, 'post', { name: `Post${life}` })).result as string);
      fox.close();
      await node.restart('SIGKILL');
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    const hare = await node.join('Hare', yard);
    expect(hare.all('post').map(({ name }) => name)).toEqual(['Post', 'Post0', 'Post1', 'Post2']);
  });

  it('PER-03 objects keep their identity, references by id and lists with holes; kinds are counted', async () => {
    await using all = await startTrial();
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    const friend = (await act(fox, fox.character, 'post', { name: 'Friend' })).result as string;
    await act(fox, post.id, 'befriend', { id: friend });
    fox.close();
    await node.restart('SIGKILL');
    const hare = await node.join('Hare', yard);
    expect(hare.objects.get(post.id)?.state).toMatchObject({ friend, list: [friend, null, post.id] });
    expect(hare.objects.get(friend)?.name).toBe('Friend');
    const counted = async () => {
      const { zones } = await hare.call<{ zones: readonly { zone: string; kinds: object }[] }>('host.stats');
      return zones.find(({ zone }) => zone === yard)?.kinds;
    };
    await expect.poll(counted, { interval: 300 }).toEqual({ post: 2, walker: 1 });
  });

  it('a durable call that is repeated with the same `once` is applied once, and each owner has their own', async () => {
    await using all = await startTrial();
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    const calls = Array.from({ length: 5 }, () => act(fox, post.id, 'add', {}, { once: 'a' }));
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(({ result, tick }) => `${result} ${tick}`)).size).toBe(1);
    expect((await act(fox, post.id, 'add', {}, { once: 'b' })).result).toBe(2);
    expect((await act(fox, post.id, 'add', {}, { once: 'a' })).result).toBe(1);
    // Others have their own.
    const hare = await node.join('Hare', yard);
    expect((await act(hare, post.id, 'add', {}, { once: 'a' })).result).toBe(3);
  });

  it('PER-12 who asks since the last change he knows misses none', async () => {
    await using all = await startTrial();
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    type Listed = { readonly objects: readonly { readonly id: string; readonly changed: number }[] };
    let since = 0;
    for (let i = 1; i <= 4; i++) {
      await act(fox, post.id, 'add');
      const { objects } = await fox.call<Listed>('zone.objects', { since });
      const last = objects.find(({ id }) => id === post.id);
      expect(last).toBeDefined();
      // Its own: who asks may have moved since, and that is another change.
      since = last?.changed ?? 0;
    }
    await node.restart('SIGKILL');
    const hare = await node.join('Hare', yard);
    const { objects } = await hare.call<Listed>('zone.objects', { since });
    expect(objects.map(({ id }) => id)).toContain(post.id);
  });
});

describe('the database', () => {
  it('PER-04 a change that cannot be saved is undone in memory too, and its caller gets an error', async () => {
    await using all = await startTrial();
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    await act(fox, post.id, 'gild');
    await using other = await openBeside(node);
    await other.all(`create trigger no_gold before update on objects when new.state like '%"gold":2%'
      begin select raise(abort, 'no gold'); end`);
    const restored = fox.next('snapshot');
    await expect(act(fox, post.id, 'gild')).rejects.toMatchObject({ code: 'store.failed' });
    await restored;
    expect(fox.objects.get(post.id)?.state.gold).toBe(1);
    await other.all('drop trigger no_gold');
    expect((await act(fox, post.id, 'gild')).result).toBe(2);
  });

  it('PER-08 that is away for a moment delays or refuses what needs it, and nothing else', async () => {
    await using all = await startTrial({ env: { ROOST_STORE_BUSY_MS: '300' } });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    await using other = await openBeside(node);
    await other.all('begin immediate');
    await expect(act(fox, post.id, 'add')).rejects.toMatchObject({ code: 'store.busy' });
    expect((await act(fox, post.id, 'bump')).result).toBe(2);
    await other.all('commit');
    expect((await act(fox, post.id, 'add')).result).toBe(3);
    await node.restart('SIGKILL');
    const hare = await node.join('Hare', yard);
    expect((await hare.one('post')).state.count).toBe(3);
  });

  it('is used by one node at a time', async () => {
    await using all = await startTrial();
    await expect(startTrial({ data: all.node.data })).rejects.toThrow(/process \d+ has it/);
  });
});
