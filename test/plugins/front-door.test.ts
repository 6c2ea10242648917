import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestNode } from '../support/node.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-own-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const says = (word: string) =>
  `import { defineMethod } from 'roost/plugin';\n/** Says ${word}. */\nexport default defineMethod({ handle: () => '${word}' });\n`;

describe('a --plugins folder of a running node', () => {
  it('PLG-02 PLG-03 PLG-05 is callable when a file is dropped in, changed when it is saved, gone when it is removed', async () => {
    await using node = await startTestNode({ plugins: [folder] });
    const client = await node.connect();
    const { logs } = node;
    const file = join(folder, 'wave.ts');
    const loaded = (msg: string) => node.logged((line) => line.msg === msg && line.plugin === 'wave', logs.length);
    await expect(client.call('wave')).rejects.toMatchObject({ code: 'call.unknown-method' });

    let done = loaded('plugin loaded');
    await writeFile(file, says('one'), { mode: 0o644 });
    await done;
    expect(await client.call('wave')).toBe('one');

    done = loaded('plugin loaded');
    await writeFile(file, says('two'));
    await done;
    expect(await client.call('wave')).toBe('two');

    await client.call('host.watch');
    const fault = client.next('watch', ({ what }: { what: string }) => what === 'error');
    await writeFile(
      file,
      'import { defineMethod } from "roost/plugin";\nexport default defineMethod({ handle: ( });\n',
    );
    expect(await fault).toMatchObject({ path: file, line: 2 });
    expect(await client.call('wave')).toBe('two');

    done = loaded('plugin removed');
    await rm(file);
    await done;
    await expect(client.call('wave')).rejects.toMatchObject({ code: 'call.unknown-method' });
    expect(client.socket.connected).toBe(true);
  });

  it('PLG-09 LIM-03 answers hostile names and params, over both doors', async () => {
    await using node = await startTestNode();
    const client = await node.connect();
    for (const name of ['__proto__', 'constructor', 'toString', 'nope.nope']) {
      await expect(client.call(name)).rejects.toMatchObject({ code: 'call.unknown-method' });
    }
    await expect(client.call('zone.enter', { zone: 7, extra: 1 })).rejects.toMatchObject({
      code: 'call.bad-params',
      details: [{ key: 'zone' }, { key: 'extra' }],
    });
    const rpc = await fetch(`${node.url}/rpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: '__proto__' }),
    });
    expect(await rpc.json()).toMatchObject({ error: { code: -32601, data: { code: 'call.unknown-method' } } });
  });

  it('PLG-15 a stray error of a plugin is counted and the node lives', async () => {
    await writeFile(
      join(folder, 'stray.ts'),
      "import { defineMethod } from 'roost/plugin';\nexport default defineMethod({ handle() { setTimeout(() => { throw new Error('stray'); }, 1); } });\n",
      { mode: 0o644 },
    );
    await using node = await startTestNode({ plugins: [folder] });
    const client = await node.connect();
    await client.call('stray');
    await node.logged((line) => line.msg === 'plugin failed' && line.plugin === 'stray');
    const { plugins } = await client.call<{ plugins: { plugin: string }[] }>('host.plugins');
    expect(plugins.find(({ plugin }) => plugin === 'stray')).toMatchObject({ failures: 1, state: 'running' });
  });
});

it('H-6 a plugin that holds the node is named with its method and line, also after an await', async () => {
  const file = join(folder, 'spin.ts');
  const source = [
    "import { defineMethod } from 'roost/plugin';",
    'export default defineMethod({',
    '  async handle({ host }) {',
    '    await null;',
    '    const until = host.clock.monotonicMs() + 2_000;',
    '    while (host.clock.monotonicMs() < until);',
    '    return null;',
    '  },',
    '});',
  ];
  await writeFile(file, source.join('\n'), { mode: 0o644 });
  await using node = await startTestNode({ plugins: [folder] });
  const client = await node.connect();
  const held = node.logged((line) => line.msg === 'a plugin held the node');
  await client.call('spin');
  expect(await held).toMatchObject({ plugin: 'spin', method: 'spin', file, line: expect.any(Number) });
});
