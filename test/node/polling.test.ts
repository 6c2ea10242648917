/** Clients that ask again and again whether something is new. */
import { expect, it } from 'vitest';
import type { TestNode } from '../support/node.ts';
import { startTrial } from '../support/trial.ts';

const yard = 'trial/yard';
const counting = new URL('../support/statements.js', import.meta.url).href;

/** Everything that the node has asked of its database so far. */
async function statementsOf(node: TestNode): Promise<readonly string[]> {
  const from = node.logs.length;
  process.kill(node.pid, 'SIGUSR2');
  return (await node.logged(({ msg }) => msg === 'statements', from)).statements as readonly string[];
}

async function rpc(node: TestNode, token: string, method: string, params: object): Promise<unknown> {
  const response = await fetch(`${node.url}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { result, error } = (await response.json()) as { result?: unknown; error?: unknown };
  expect(error).toBeUndefined();
  return result;
}

it('LIM-06 who polls is answered without a word to the database, whether or not something is new', async () => {
  await using all = await startTrial({ env: { NODE_OPTIONS: `--import=${counting}` } });
  const { node } = all;
  const { resume } = (await rpc(node, '', 'zone.enter', { zone: yard, name: 'Fox' })) as { resume: string };
  const hare = await node.join('Hare', yard);
  await hare.call('chat.say', { text: 'Hello.' });
  // What all that has changed is on disk when nothing more is written in eight intervals of the flush.
  let before = await statementsOf(node);
  expect(before.length).toBeGreaterThan(0);
  const isQuiet = async () => {
    const now = await statementsOf(node);
    const quiet = now.length === before.length;
    before = now;
    return quiet;
  };
  await expect.poll(isQuiet, { interval: 2_000, timeout: 20_000 }).toBe(true);

  type Objects = { readonly objects: readonly { readonly changed: number }[] };
  const { objects } = (await rpc(node, resume, 'zone.objects', {})) as Objects;
  const since = Math.max(...objects.map(({ changed }) => changed)) + 0.001;
  for (let i = 0; i < 8; i++) expect(await rpc(node, resume, 'zone.objects', { since })).toMatchObject({ objects: [] });
  expect(await rpc(node, resume, 'chat.history', {})).toMatchObject({ lines: [{ text: 'Hello.' }] });
  for (let i = 0; i < 3; i++)
    expect(await rpc(node, resume, 'chat.history', { since: since + 60 })).toEqual({ lines: [], more: false });
  await rpc(node, resume, 'zone.who', {});
  await rpc(node, '', 'host.info', {});
  expect((await statementsOf(node)).slice(before.length)).toEqual([]);
});
