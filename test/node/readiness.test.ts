import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createReadiness } from '../../core/node/readiness.ts';
import { openConnection } from '../../core/store/connection.ts';
import { startTestNode } from '../support/node.ts';
import { run } from '../support/run.ts';

it('/readyz tells a database that takes no writes, while /healthz says that the node lives', {
  timeout: 120_000,
}, async () => {
  await using node = await startTestNode();
  const ask = async (path: string) => {
    const answer = await fetch(new URL(path, node.url));
    return { code: answer.status, ...((await answer.json()) as object) };
  };
  expect(await ask('/readyz')).toEqual({ code: 200, status: 'ready', lacks: [] });
  const other = await openConnection(join(node.data, 'roost.db'), ['pragma busy_timeout = 2000']);
  await other.all('begin immediate');
  const waiting = { code: 503, status: 'waiting', lacks: ['database'] };
  await expect.poll(() => ask('/readyz'), { timeout: 30_000 }).toEqual(waiting);
  expect(await ask('/healthz')).toMatchObject({ code: 200, status: 'ok' });
  await other.all('rollback');
  await other.close();
  await expect.poll(() => ask('/readyz'), { timeout: 30_000 }).toMatchObject({ code: 200 });
  if (process.platform !== 'linux') return;
  // A full disk: no file of the node may grow.
  const limitFiles = (size: string) => run('prlimit', ['--pid', `${node.pid}`, `--fsize=${size}:unlimited`]);
  await limitFiles('4096');
  await expect.poll(() => ask('/readyz'), { timeout: 30_000 }).toEqual(waiting);
  await limitFiles('unlimited');
  await expect.poll(() => ask('/readyz'), { timeout: 30_000 }).toMatchObject({ code: 200 });
});

it('looks once a second, however many ask, and names what is lacking', async () => {
  let [nowMs, looks] = [0, 0];
  const clock = { now: () => nowMs / 1_000, monotonicMs: () => nowMs };
  const workers = () => {
    looks++;
    return [{ ready: looks > 1 }];
  };
  const lacks = createReadiness({
    workers,
    store: { probe: async () => {} },
    clock,
  });
  expect(await Promise.all([lacks(), lacks(), lacks()])).toEqual([['workers'], ['workers'], ['workers']]);
  expect(looks).toBe(1);
  nowMs = 1_001;
  expect(await lacks()).toEqual([]);
});
