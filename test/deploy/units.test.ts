/** What deploy/ says to systemd, read by systemd's own checker, and what the node says to systemd. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestNode } from '../support/node.ts';
import { run } from '../support/run.ts';

const home = resolve(import.meta.dirname, '../..');
const python = '/usr/bin/python3';
const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const hasSystemd =
  has('systemd-analyze', '--version') && has('systemd-notify', '--version') && has(python, '--version');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-deploy-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!hasSystemd && process.env.CI === undefined)('systemd', { timeout: 120_000 }, () => {
  /** The units as they are, but for this Node and this folder. */
  async function installUnits(): Promise<readonly string[]> {
    await cp(join(home, 'deploy'), folder, { recursive: true });
    const units = (await readdir(folder)).filter((name) => /\.(service|timer)$/.test(name));
    for (const unit of units) {
      const text = await readFile(join(folder, unit), 'utf8');
      const here = text.replaceAll('/usr/bin/node', process.execPath).replaceAll('/opt/roost', home);
      await writeFile(join(folder, unit), here);
    }
    return units.map((unit) => join(folder, unit));
  }

  it('finds no fault in the units', async () => {
    const units = await installUnits();
    expect(units).toHaveLength(3);
    expect(await run('systemd-analyze', ['verify', '--man=no', ...units])).toEqual({ code: 0, stdout: '', stderr: '' });
    await writeFile(units[0] as string, '[Service]\nExecStart=/no/such/program\nRestartSec=soon\n');
    expect(await run('systemd-analyze', ['verify', '--man=no', ...units])).not.toMatchObject({ stderr: '' });
  });

  it.each(['roost', 'roost-backup'])('calls what %s.service exposes no more than OK', async (name) => {
    await installUnits();
    const args = ['security', '--offline=yes', '--no-pager', '--threshold=20', join(folder, `${name}.service`)];
    expect(await run('systemd-analyze', args)).toMatchObject({ code: 0 });
  });

  it('hears when the node serves, again and again that it is alive, and when it stops', async () => {
    const socket = join(folder, 'notify');
    await using listener = await listen(socket);
    await using node = await startTestNode({ env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '600000' } });
    const words = listener.words();
    const next = async () => (await words.next()).value;
    expect([await next(), await next(), await next()]).toEqual(['READY=1', 'WATCHDOG=1', 'WATCHDOG=1']);
    const stopped = node.kill('SIGTERM');
    let word = await next();
    while (word === 'WATCHDOG=1') word = await next();
    expect(word).toBe('STOPPING=1');
    await stopped;
  });

  it('wants no signs of life of a process that they are not for', async () => {
    const socket = join(folder, 'notify');
    await using listener = await listen(socket);
    await using node = await startTestNode({
      env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1000', WATCHDOG_PID: '1' },
    });
    const words = listener.words();
    expect((await words.next()).value).toBe('READY=1');
    await node.kill('SIGTERM');
    expect((await words.next()).value).toBe('STOPPING=1');
  });
});

/** Binds the socket that systemd would listen on: Node has no such sockets. */
async function listen(path: string): Promise<AsyncDisposable & { words(): AsyncIterator<string> }> {
  const program = `import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('bound', flush=True)
while True:
    for word in s.recv(4096).decode().split('\\n'):
        if word and not word.startswith('BARRIER'): print(word, flush=True)
`;
  const child: ChildProcess = spawn(python, ['-c', program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout as NodeJS.ReadableStream)[Symbol.asyncIterator]();
  await lines.next();
  return {
    words: () => lines,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
