/**
 * kill -9 at any moment: everything is there once. `ROOST_TEST_KILLS=50 npx vitest run test/node/kills` is the whole of
 * it; a few are part of every run.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/contract/content.ts';
import { openConnection } from '../../core/store/connection.ts';
import { CallError, type TestClient } from '../support/client.ts';
import type { TestNode } from '../support/node.ts';
import { act, startTrial } from '../support/trial.ts';

const kills = Number(process.env.ROOST_TEST_KILLS ?? 4);
const yard = 'trial/yard';
const cave = 'trial/cave';

type Stored = {
  readonly id: string;
  readonly zone: string;
  readonly kind: string;
  readonly holder: string | null;
  readonly state: JsonObject;
};

/** All objects as they are on disk. */
async function stored(node: TestNode): Promise<readonly Stored[]> {
  const connection = await openConnection(join(node.data, 'roost.db'), [
    'pragma query_only = on',
    'pragma busy_timeout = 2000',
  ]);
  const rows = await connection.all('select id, zone, kind, holder, state from objects order by id');
  await connection.close();
  return rows.map((row) => ({ ...(row as unknown as Stored), state: JSON.parse(String(row.state)) as JsonObject }));
}

/** Calls again and again until the connection is gone; counts what was acknowledged. */
async function load(client: TestClient, work: () => Promise<unknown>, acknowledged: () => void): Promise<void> {
  while (client.socket.connected) {
    try {
      await Promise.race([work(), gone(client)]);
      if (client.socket.connected) acknowledged();
    } catch (error) {
      if (!(error instanceof CallError) && client.socket.connected) throw error;
    }
  }
}

function gone(client: TestClient): Promise<never> {
  return new Promise((_, reject) => client.socket.once('disconnect', () => reject(new Error('disconnected'))));
}

describe('kill -9', () => {
  it('PER-01 PER-02 of the node under load: nothing acknowledged is lost, nothing is there twice', {
    timeout: 30_000 + kills * 20_000,
  }, async () => {
    await using all = await startTrial({ env: { ROOST_METHOD_PER_SECOND: '1000', ROOST_METHOD_BURST: '1000' } });
    const { node } = all;
    const seen = new Set<string>();
    let count = 0;
    let acknowledged = 0;
    for (let life = 0; life < kills; life++) {
      const fox = await node.join('Fox', yard);
      const post = fox.all('post').find(({ name }) => name === 'Post');
      if (!post) throw new Error('the post is gone');
      expect(post.state.count ?? 0).toBeGreaterThanOrEqual(acknowledged);
      count = Number(post.state.count ?? 0);
      if (life === 0) await act(fox, post.id, 'wind', { seconds: 0.1 });
      expect(seen.has(fox.character)).toBe(false);
      seen.add(fox.character);
      const made: string[] = [];
      const loads = [
        load(
          fox,
          () => act(fox, post.id, 'add'),
          () => {
            count++;
          },
        ),
        load(
          fox,
          async () => made.push(String((await act(fox, fox.character, 'post', { name: 'More' })).result)),
          () => {},
        ),
      ];
      await fox.until(() => made.length >= 3 + (life % 3));
      acknowledged = count;
      await node.kill('SIGKILL');
      await Promise.all(loads);
      fox.close();
      const rows = await stored(node);
      const ids = rows.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of made) expect(ids).toContain(id);
      for (const id of made) expect(seen.has(id)).toBe(false);
      for (const id of made) seen.add(id);
      // A repeating timer's counter equals its effects.
      const beats = rows.find(({ id }) => id === post.id)?.state.beats;
      expect(rows.filter(({ kind }) => kind === 'mark')).toHaveLength(Number(beats));
      await node.start();
    }
  });

  it('no loot is there twice however the kill falls between two zones', {
    timeout: 30_000 + kills * 20_000,
  }, async () => {
    await using all = await startTrial();
    const { node } = all;
    for (let life = 0; life < kills; life++) {
      const fox = await node.join('Fox', yard);
      const coin = String((await act(fox, fox.character, 'coin')).result);
      await act(fox, fox.character, 'go', { zone: cave });
      // Later in every life: before the commit, during it, after it.
      const steps = ['moving', 'entering', 'running'];
      const step = steps[life % steps.length];
      await fox.until(() =>
        fox.messages.some(({ event, data }) => event === 'zone' && (data as { state: string }).state === step),
      );
      await node.kill('SIGKILL');
      fox.close();
      const rows = await stored(node);
      expect(rows.filter(({ id }) => id === coin)).toHaveLength(1);
      const [mine, carried] = [rows.find(({ id }) => id === fox.character), rows.find(({ id }) => id === coin)];
      expect(carried).toMatchObject({ zone: mine?.zone, holder: fox.character });
      await node.start();
    }
    const before = (await stored(node)).filter(({ kind }) => kind === 'coin').map(({ id }) => id);
    await Promise.all([node.join('Fox', yard), node.join('Hare', cave)]);
    const after = (await stored(node)).filter(({ kind }) => kind === 'coin').map(({ id }) => id);
    expect(after).toEqual(before);
  });

  it('of workers under load: no socket drops, all zones run again, what was acknowledged is there', {
    timeout: 30_000 + kills * 10_000,
  }, async () => {
    await using all = await startTrial({ env: { ROOST_METHOD_PER_SECOND: '1000', ROOST_METHOD_BURST: '1000' } });
    const { node } = all;
    const [fox, hare] = await Promise.all([node.join('Fox', yard), node.join('Hare', cave)]);
    const [post, stone] = await Promise.all([fox.one('post'), hare.one('post')]);
    const sockets = [fox.socket.id, hare.socket.id];
    let acknowledged = 0;
    const loading = [
      load(
        fox,
        () => act(fox, post.id, 'add'),
        () => {
          acknowledged++;
        },
      ),
      load(
        hare,
        () => act(hare, stone.id, 'bump'),
        () => {},
      ),
    ];
    for (let life = 0; life < kills; life++) {
      const target = acknowledged + 5;
      await fox.until(() => acknowledged >= target);
      const back = [fox, hare].map((client) => client.next('snapshot'));
      const lives = node.logs.filter((line) => line.msg === 'zone runs');
      process.kill(lives.at(-1)?.worker as number, 'SIGKILL');
      await Promise.all(back);
    }
    expect([fox.socket.id, hare.socket.id]).toEqual(sockets);
    const { result } = await act(fox, post.id, 'add');
    expect(result).toBeGreaterThan(acknowledged);
    fox.close();
    hare.close();
    await Promise.all(loading);
  });
});
