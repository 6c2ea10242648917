import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandNames, help } from '../../core/cli/help.ts';
import { runNode } from '../support/run.ts';

const home = resolve(import.meta.dirname, '../..');
const launcher = join(home, 'bin/roost.js');

/** An older Node cannot become another program: the launcher then starts the pinned one as its child. */
const asOlderNode = ['--import', 'data:text/javascript,process.execve = undefined'];

describe.each([
  ['becoming the pinned Node', []],
  ['in front of the pinned Node', asOlderNode],
])('roost, %s', (_, flags) => {
  const roost = (...args: string[]) => runNode([...flags, launcher, ...args]);

  it('--help shows commands and flags', async () => {
    const { code, stdout, stderr } = await roost('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['start', 'check', 'reset ZONE', '--port N', '--root DIR', '--workers N', '--dev']) {
      expect(stdout).toContain(word);
    }
  });

  it('a wrong flag ends it with 1 and one line', async () => {
    expect(await roost('start', '--prot', '4000')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'unknown flag --prot; did you mean --port?\n',
    });
  });

  it('a folder that is not there ends it with 1', async () => {
    const { code, stderr } = await roost('start', '--plugins', '/no/such/folder');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'plugins: there is no folder /no/such/folder\n' });
  });

  it('an unknown command ends it with 1 and names those there are', async () => {
    const { code, stderr } = await roost('strat');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'unknown command strat; did you mean start?\nroost --help lists what there is\n',
    });
  });
});

describe('roost --help', () => {
  const main = readFileSync(join(home, 'core/main.ts'), 'utf8');

  it('CLI-01 lists every command of the command line and explains each, in the width of the terminal', () => {
    const cases = [...main.matchAll(/^ {4}case '(\w+)':/gm)].map(([, name]) => name);
    expect(new Set(commandNames)).toEqual(new Set(cases));
    for (const columns of [80, 60])
      for (const about of [undefined, ...commandNames]) {
        const text = help(about, columns);
        expect(text).toContain(`Usage: roost ${about ?? 'COMMAND'}`);
        for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(columns);
      }
  });

  it('CLI-01 is asked for before a command and behind it', async () => {
    const roost = (...args: string[]) => runNode([launcher, ...args]);
    const [before, behind, short] = [
      await roost('help', 'data'),
      await roost('data', '--help'),
      await roost('data', 'show', '-h'),
    ];
    expect(before).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('find TYPE [FIELD=VALUE…]') });
    expect([behind, short]).toEqual([before, before]);
    expect((await roost('help', 'load')).stdout).toContain('Usage: roost load');
    expect((await roost('help', 'lode')).stderr).toContain('did you mean load?');
    expect((await roost('--port', '4000')).stderr).toContain('roost start --port 4000');
  });
});

describe('roost without its packages', () => {
  it('says in words what to do next', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roost-bare-'));
    try {
      await cp(join(home, 'bin'), join(folder, 'bin'), { recursive: true });
      await cp(join(home, 'package.json'), join(folder, 'package.json'));
      const { code, stderr } = await runNode([join(folder, 'bin/roost.js'), 'start']);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^Roost's packages are not installed\.\nNext step: run `npm start`/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
