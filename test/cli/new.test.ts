/** `roost new` as a newcomer types it: what it writes is tested, checked and played. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, runNode } from '../support/run.ts';
import { makeRoot } from '../testing/root.ts';

const home = resolve(import.meta.dirname, '../..');
const roost = (...args: string[]) => runNode([join(home, 'bin/roost.js'), ...args], { env: { NO_COLOR: '1' } });

describe('roost new', () => {
  it('writes an object, a plugin and a game that pass their tests, the check and the types at once', async () => {
    await using root = await makeRoot({});
    const { folder } = root;
    for (const [what, name] of [
      ['object', 'red-fox'],
      ['plugin', 'dice'],
      ['game', 'castle'],
    ] as const) {
      const made = await roost('new', what, name, '--root', folder);
      expect(made).toMatchObject({ code: 0, stderr: '' });
      expect(made.stdout).toContain('Next:');
      expect(made.stdout).toContain(`--root ${folder}`);
    }
    const files = await readdir(folder, { recursive: true });
    expect(files).toEqual(
      expect.arrayContaining([
        'scripts/red-fox.ts',
        'scripts/red-fox.test.ts',
        'plugins/dice/roll.ts',
        'plugins/dice/roll.test.ts',
        'games/castle/game.json',
        'games/castle/client/index.html',
        'tsconfig.json',
      ]),
    );
    const texts = await Promise.all(
      files.filter((file) => /\.\w+$/.test(file)).map((file) => readFile(join(folder, file), 'utf8')),
    );
    expect(texts.filter((text) => /\bsample\b/i.test(text))).toEqual([]);

    const tested = await roost('test', '--root', folder);
    expect(tested).toMatchObject({ code: 0, stdout: expect.stringMatching(/Test Files +3 passed/) });
    const checked = await roost('check', '--root', folder, '--plugins', join(folder, 'plugins'));
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining(' 0 faults') });
    const typed = await run(join(home, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: folder });
    expect(typed).toMatchObject({ code: 0, stdout: '' });
  }, 180_000);

  it('writes over nothing', async () => {
    await using root = await makeRoot({ 'scripts/frog.test.ts': '// mine', 'tsconfig.json': '{}' });
    const made = await roost('new', 'object', 'frog', '--root', root.folder);
    expect(made).toMatchObject({ code: 1, stderr: expect.stringContaining('scripts/frog.test.ts is there already') });
    expect(existsSync(join(root.folder, 'scripts/frog.ts'))).toBe(false);
    expect(await roost('new', 'object', 'toad', '--root', root.folder)).toMatchObject({ code: 0 });
    expect(await readFile(join(root.folder, 'tsconfig.json'), 'utf8')).toBe('{}');
  });

  it.each([
    [['object', 'Frog'], '"Frog" is no name: wanted a small letter'],
    [['object', '../frog'], 'is no name'],
    [['plugin', 'chat'], 'there is a built-in plugin chat'],
    [['monster', 'frog'], 'known are object, plugin, game'],
    [['object'], 'wants what and a name, such as object frog'],
  ])('%j is refused with what is wanted', async (words, reason) => {
    await using root = await makeRoot({});
    const made = await roost('new', ...words, '--root', root.folder);
    expect(made).toMatchObject({ code: 1, stderr: expect.stringContaining(reason) });
    expect(await readdir(root.folder)).toEqual([]);
  });
});
