/** `roost test` as a designer types it, in folders without node_modules. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { runNode } from '../support/run.ts';
import { makeRoot, script } from '../testing/root.ts';

const home = resolve(import.meta.dirname, '../..');
const roost = join(home, 'bin/roost.js');
const plain = { NO_COLOR: '1' };

const pond = {
  'scripts/toad.ts':
    "import { defineObject } from 'roost';\nimport { croak } from './lib/croak.ts';\nexport default defineObject({ on: { activate: () => croak } });\n",
  'scripts/lib/croak.ts': "export const croak = 'Croak.';\n",
  'scripts/toad.test.ts': `import { simulate } from 'roost/testing';
import { expect, it } from 'vitest';
it('croaks', async () => {
  using yard = await simulate('scripts/toad.ts');
  expect(yard.activate(yard.join('Ann'), yard.place('toad'))).toBe('Croak.');
});
`,
};

describe('roost test', () => {
  it('runs the tests of a folder, and only those that are named', async () => {
    await using root = await makeRoot({
      ...pond,
      'scripts/newt.test.ts': "import { it } from 'vitest';\nit('is cold', () => {});\n",
    });
    const all = await runNode([roost, 'test', '--root', root.folder], { env: plain });
    expect(all).toMatchObject({ code: 0, stdout: expect.stringMatching(/Tests +2 passed/) });
    const one = await runNode([roost, 'test', 'newt', '--root', root.folder], { env: plain });
    expect(one).toMatchObject({ code: 0, stdout: expect.stringMatching(/Tests +1 passed/) });
  });

  it('gives a plugin a node also under npx, and leaves nothing in the folder', async () => {
    await using root = await makeRoot({});
    await runNode([roost, 'new', 'plugin', 'dice', '--root', root.folder], { env: plain });
    const before = await readdir(root.folder);
    const env = { ...plain, npm_lifecycle_event: 'npx' };
    const { code, stdout } = await runNode([roost, 'test', '--root', root.folder], { env });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/Tests +2 passed/) });
    expect(await readdir(root.folder)).toEqual(before);
  });

  it('shows the line of the script that fails, and ends with 1', async () => {
    const toad = script("on: { activate() {\n  throw new Error('dry');\n} },");
    await using root = await makeRoot({ ...pond, 'scripts/toad.ts': toad });
    const { code, stderr } = await runNode([roost, 'test', '--root', root.folder], { env: plain });
    expect(code).toBe(1);
    expect(stderr).toContain('ScriptError: scripts/toad.ts:5:9 in toad activate: Error: dry');
    expect(stderr).toContain('activate scripts/toad.ts:5:9');
  });

  it('ends with 1 where there are no tests', async () => {
    await using root = await makeRoot({ 'scripts/toad.ts': script('') });
    expect(await runNode([roost, 'test', '--root', root.folder], { env: plain })).toMatchObject({ code: 1 });
  });

  it('watches what tests have read: a saved helper of a script runs its test again', async () => {
    await using root = await makeRoot({
      ...pond,
      'scripts/newt.test.ts': "import { it } from 'vitest';\nit('is cold', () => {});\n",
    });
    await using watching = watch(root.folder);
    await watching.line(/Tests +2 passed/);
    await watching.line(/Waiting for file changes/);
    await root.write('scripts/lib/croak.ts', "export const croak = 'Quark.';\n");
    await watching.line(/Tests +1 failed/);
    await watching.line(/Watching for file changes/);
    await root.write('scripts/toad.test.ts', pond['scripts/toad.test.ts'].replace('Croak.', 'Quark.'));
    await watching.line(/Tests +1 passed/);
  });

  it('runs the example of docs/testing.md', async () => {
    const page = await readFile(join(home, 'docs/testing.md'), 'utf8');
    const examples = [...page.matchAll(/```ts (duck\S*)\n([\s\S]*?)```/g)].map(([, name, text]) => [
      `scripts/${name}.ts`,
      text,
    ]);
    expect(examples).toHaveLength(2);
    await using root = await makeRoot(Object.fromEntries(examples));
    const { code, stdout } = await runNode([roost, 'test', '--root', root.folder], { env: plain });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/Tests +3 passed/) });
  });
});

/** A watching `roost test`: lines of its output, each read once. */
function watch(folder: string) {
  const child: ChildProcess = spawn(process.execPath, [roost, 'test', '--watch', '--root', folder], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...plain },
  });
  const ended = new Promise((done) => child.once('exit', done));
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  return {
    async line(pattern: RegExp): Promise<string> {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`It ended before it said ${pattern}`);
        if (pattern.test(value)) return value;
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
