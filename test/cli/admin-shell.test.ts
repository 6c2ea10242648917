import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { startTestNode } from '../support/node.ts';
import { Typist } from '../support/typist.ts';

const launcher = join(import.meta.dirname, '../../bin/roost.js');
const pty = join(import.meta.dirname, 'on-terminal.py');

/** Types lines into `roost admin shell`, and gives what it said. */
async function type(data: string, ...lines: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [launcher, 'admin', 'shell', '--data', data], { stdio: 'pipe' });
  child.stdin.end(`${lines.join('\n')}\n`);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

it('TXT-08 a local operator shell offers help, config, history, echo and exit; an unknown command says so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'roost-shell-'));
  const data = join(folder, 'data');
  const told = await type(
    data,
    ...[
      'help',
      'config',
      'config show textPort',
      'config turn',
      'echo hello there',
      'frobnicate',
      'status',
      'create Ada',
    ],
    ...['wolkenkuckucksheim', 'grant Ada admin', 'list', 'history', 'exit', 'echo never'],
  );
  for (const word of ['grant NAME PRIVILEGE', 'config [SETTING]', 'history', 'echo TEXT', 'quit'])
    expect(told).toContain(word);
  expect(told).toMatch(/flushMs +250 +\(default\)/);
  expect(told).toContain('--text-port, ROOST_TEXT_PORT');
  expect(told.match(/^turnPort /gm)).toHaveLength(2);
  expect(told).toContain('\nhello there\n');
  expect(told).toContain('ERROR: Command not found.');
  expect(told).toContain('ERROR: No node answers on the data folder');
  expect(told).toContain('Ada has an account.');
  expect(told).toContain('\nAda: admin\n');
  expect(told).toContain('> grant Ada admin');
  expect(told).toContain('Bye.');
  expect(told).not.toMatch(/wolkenkuckucksheim|never/);

  {
    await using node = await startTestNode({ data });
    const hare = await node.join('Hare', 'devtest/den');
    const live = await type(data, 'status', 'admin.sessions', 'admin.announce text="tea is served"', 'who');
    expect(live).toMatch(/uptime: \d+/);
    expect(live).toContain('name: Hare');
    await hare.until(() => hare.messages.some(({ data }) => JSON.stringify(data).includes('tea is served')));
    expect(live).toContain('ERROR: Command not found.');
  }
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const hasPty = spawnSync('python3', ['-c', 'import pty']).status === 0;

it.skipIf(!hasPty && process.env.CI === undefined)(
  'TXT-08 at a terminal a password is typed twice, and not shown',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roost-shell-'));
    await using ada = new Typist('python3', [pty, process.execPath, launcher, 'admin', '--data', folder], {
      TERM: 'xterm',
    });
    for (const again of ['wolkenkukuk', 'wolkenkuckucksheim']) {
      await ada.until('roost> ');
      ada.type('create Ada\r');
      await ada.until('Password: ');
      ada.type('wolkenkuckucksheim\r');
      await ada.until('Again: ');
      ada.type(`${again}\r`);
      await ada.until(again === 'wolkenkukuk' ? 'ERROR: The two passwords are not the same' : 'Ada has an account.');
    }
    ada.type('exit\r');
    expect(await ada.gone).toBe(0);
    expect(ada.text).not.toMatch(/wolken/);
    await rm(folder, { recursive: true, force: true });
  },
  60_000,
);
