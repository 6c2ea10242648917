/** What goes wrong leaves a file, and that breaks in the same place again: elsewhere, and until the script is mended. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../core/contract/replay.ts';
import { act, startTrial } from '../support/trial.ts';

const roost = fileURLToPath(new URL('../../bin/roost.js', import.meta.url));
const path = 'games/trial/scripts/post.ts';
const wellBehaved = `      self.state.count = 0;`;
const post = (deed: string) => `import { defineObject } from 'roost';

export default defineObject({
  body: { shape: 'circle', radius: 0.3, type: 'static' },
  state: { count: 0, beats: 0, luck: 0 },
  on: {
    tick(self, { world }) {
      self.state.beats += 1;
      self.state.luck = world.random();
    },
  },
  methods: {
    add: { allow: 'view', durable: true, handle: (self) => (self.state.count += 1) },
    break: {
      allow: 'view',
      handle(self) {
${deed}
      },
    },
  },
});
`;
const bombs = {
  kill: { deed: '        const all = [];\n        for (;;)\n          all.push(new Array(1000).fill(1));', at: 19 },
  stop: { deed: '        let n = 0;\n        while (n >= 0) {\n          n = (n + 1) % 7;\n        }', at: 19 },
} as const;

/** A folder that is gone after the test. */
async function temporary(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'roost-incident-'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

async function run(cwd: string, ...words: string[]): Promise<{ readonly code: number; readonly text: string }> {
  const child = spawn(process.execPath, [roost, ...words], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  const [code] = (await once(child, 'close')) as [number];
  return { code, text };
}

describe('an incident', () => {
  it.each(['kill', 'stop'] as const)('of a %s breaks again at the same tick, object and line, elsewhere', {
    timeout: 120_000,
  }, async (what) => {
    const bomb = bombs[what];
    await using all = await startTrial({}, { [path]: post(bomb.deed) });
    await using other = await temporary();
    const { node } = all;
    const fox = await node.join('Fox', 'trial/yard');
    const id = fox.all('post').find(({ name }) => name === 'Post')?.id ?? '';
    for (let i = 0; i < 20; i++) {
      fox.socket.emit('input', { seq: i, input: { x: Math.sin(i), y: 1 } });
      await act(fox, id, 'add');
    }
    await expect(act(fox, id, 'break')).rejects.toThrow();
    const line = await node.logged(({ msg }) => msg === 'incident written');
    const name = String(line.incident);
    expect(name).toMatch(new RegExp(`^20.*-trial-yard-${what}\\.json\\.gz$`));
    const folder = join(node.data, 'incidents');
    expect(await readdir(folder)).toEqual([name]);
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);

    const incident = JSON.parse(gunzipSync(await readFile(join(folder, name))).toString()) as Incident;
    const tick = incident.recording.ops.findLast(({ at }) => at)?.at?.[0] ?? 0;
    const file = join(other.folder, 'sent-by-mail.json.gz');
    await copyFile(join(folder, name), file);
    const { code, text } = await run(other.folder, 'replay', file);
    expect(text).toContain(`It breaks at tick ${what === 'kill' ? tick : incident.report.tick}`);
    expect(text).toContain(`object   ${id} (post)`);
    expect(text).toContain('handler  methods.break of post');
    expect(text).toContain(`at       ${path}:${bomb.at}:`);
    expect(text).not.toContain('another than it was then');
    expect(code).toBe(3);

    // As a test beside the script it fails, until the script is mended.
    const made = await run(other.folder, 'replay', file, '--to-test', '--root', all.trial.root);
    expect(made).toMatchObject({ code: 0 });
    const test = join(all.trial.root, path.replace('.ts', '.incident.test.ts'));
    expect(await readFile(test, 'utf8')).toContain("from 'roost/testing'");
    if (what === 'kill') return;
    // The same incident has one test.
    expect((await run(other.folder, 'replay', file, '--to-test', '--root', all.trial.root)).text).toBe(made.text);
    expect((await run(other.folder, 'test', '--root', all.trial.root)).code).toBe(1);
    await writeFile(join(all.trial.root, path), post(wellBehaved));
    expect(await run(other.folder, 'test', '--root', all.trial.root)).toMatchObject({ code: 0 });
  });

  it('that is none is refused in words', async () => {
    await using other = await temporary();
    await writeFile(join(other.folder, 'x.json.gz'), 'nonsense');
    const { code, text } = await run(other.folder, 'replay', 'x.json.gz');
    expect(code).toBe(1);
    expect(text).toContain('is no incident');
    expect((await run(other.folder, 'replay', 'missing.json.gz')).text).toContain('Cannot read');
  });
});
