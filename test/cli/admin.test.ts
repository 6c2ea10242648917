import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAdministration, postAs } from '../plugins/admin/place.ts';
import { password } from '../plugins/auth/people.ts';
import { startTestNode } from '../support/node.ts';
import { type Ran, runNode } from '../support/run.ts';

const home = join(import.meta.dirname, '../..');
const launcher = join(home, 'bin/roost.js');

let folder: string;
let data: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-admin-'));
  data = join(folder, 'data');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const admin = (...words: string[]) => runNode([launcher, 'admin', ...words, '--data', data]);

/** With something to read on the standard input. */
async function adminWith(input: string, ...words: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [launcher, 'admin', ...words, '--data', data], { stdio: 'pipe' });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

// Each word is a process of its own.
describe('roost admin', { timeout: 180_000 }, () => {
  it('ADM-01 makes the first administrator in a folder that no node has', async () => {
    expect(await admin('list')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nobody has a privilege') });
    const made = await adminWith(`${password}\n`, 'create', 'Ada');
    expect(made).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('roost admin grant Ada admin') });
    expect(await admin('grant', 'ada', 'admin')).toEqual({ code: 0, stdout: 'Ada: admin\n', stderr: '' });
    expect(await admin('grant', 'Ada', 'build')).toMatchObject({ stdout: 'Ada: admin, build\n' });
    expect(await admin('revoke', 'Ada', 'build')).toMatchObject({ stdout: 'Ada: admin\n' });
    expect(await admin('list')).toEqual({ code: 0, stdout: 'Ada: admin\n', stderr: '' });
    expect((await stat(data)).mode & 0o077).toBe(0);

    await using node = await startTestNode({ data });
    const token = await openAdministration(node, 'Ada');
    const { acts } = await postAs<{ acts: object[] }>(node, token, 'admin.audit');
    expect(acts).toMatchObject([
      { who: 'command-line', method: 'admin.revoke', target: 'Ada', outcome: 'ok' },
      { who: 'command-line', method: 'admin.grant', params: { privilege: 'build' } },
      { who: 'command-line', method: 'admin.grant', target: 'ada', params: { privilege: 'admin' } },
    ]);
  });

  it('ADM-01 speaks with the node that has the folder, and what it says counts at once', async () => {
    await using node = await startTestNode({ data });
    const client = await node.connect();
    await client.call('auth.register', { name: 'Ada', password });
    await client.call('auth.login', { name: 'Ada', password });
    await expect(client.call('admin.accounts')).rejects.toMatchObject({ code: 'call.forbidden' });
    expect(await admin('grant', 'Ada', 'admin')).toEqual({ code: 0, stdout: 'Ada: admin\n', stderr: '' });
    expect(await client.call('admin.accounts', { granted: true })).toMatchObject({ total: 1 });
    expect(await adminWith(`${password}\n`, 'create', 'Bob')).toMatchObject({ code: 0 });
    expect(await admin('list')).toMatchObject({ stdout: 'Ada: admin\n' });
    expect(await admin('revoke', 'Ada', 'admin')).toMatchObject({
      code: 1,
      stderr: 'This is the last administrator: make another one first\n',
    });
    expect(node.words).not.toContain(password);
  });

  it('the control socket is its owner’s alone, goes with the node, and does what the command line needs', async () => {
    const socket = join(data, 'control.sock');
    {
      await using node = await startTestNode({ data });
      expect((await stat(socket)).mode & 0o077).toBe(0);
      const ask = async (line: string) => {
        const connection = connect(socket);
        connection.write(line);
        return JSON.parse(await text(connection)) as unknown;
      };
      const malformed = { ok: false, error: { code: 'call.malformed' } };
      for (const line of ['\n', 'x\n', '{}\n', '{"method":"admin.run","params":{}}\n', `${'x'.repeat(9_000)}`])
        expect(await ask(line)).toMatchObject(malformed);
      expect(await ask('{"method":"admin.accounts","params":{}}\n')).toMatchObject({ ok: true });
      await node.kill('SIGTERM');
      expect(await readdir(data)).not.toContain('control.sock');
      // One that a killed node leaves behind is nobody's.
      await node.start();
      await node.kill('SIGKILL');
      expect(await readdir(data)).toContain('control.sock');
    }
    expect(await admin('list')).toMatchObject({ code: 0, stderr: '' });
  });

  it('ADM-05 a node is started, reloaded, stopped and started again by words as by signals; its log is lines to follow', async () => {
    expect(await admin('stop')).toMatchObject({ code: 1, stderr: expect.stringContaining('No node answers') });
    expect(await admin('reload')).toMatchObject({ code: 1, stderr: expect.stringContaining('No node answers') });
    await using node = await startTestNode({ data });
    const guest = await node.connect();
    await guest.call('auth.register', { name: 'Ada', password });
    const reloaded = await admin('reload', 'chat');
    expect(reloaded).toMatchObject({ code: 0, stdout: expect.stringMatching(/^chat: running, build [0-9a-f]{12}\n$/) });
    expect(await admin('reload', 'nothing')).toMatchObject({ code: 1, stderr: 'No plugin "nothing" is loaded\n' });
    await node.logged(({ msg, plugin, builds }) => msg === 'plugin loaded' && plugin === 'chat' && builds === 2);

    const told = guest.next('notice', ({ code }: { code: string }) => code === 'session.closing');
    expect(await admin('stop')).toEqual({ code: 0, stdout: 'The node stops.\n', stderr: '' });
    await told;
    // There is no such line: it has ended.
    await expect(node.logged(() => false)).rejects.toThrow();
    expect(node.words).not.toContain('Not closed');
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      await node.restart(signal);
      expect(node.words).not.toContain('Not closed');
    }
    const again = await node.connect();
    await again.call('auth.login', { name: 'Ada', password });
    expect(await again.call('auth.me')).toMatchObject({ account: { name: 'Ada' } });
  });

  it('says in words what is wrong, and the password is never an argument', async () => {
    const wrong = async (...words: string[]) => {
      const { code, stdout, stderr } = await admin(...words);
      expect([code, stdout]).toEqual([1, '']);
      return stderr;
    };
    expect(await wrong()).toContain('roost admin wants one of');
    expect(await wrong('frob', 'Ada')).toContain('roost admin wants one of');
    expect(await wrong('create', 'Ada', password)).toContain('roost admin wants one of');
    expect(await wrong('grant', 'Nobody', 'admin')).toBe('There is no account "Nobody"\n');
    expect(await wrong('grant', 'Ada', 'server')).toContain('nothing that can be granted');
    expect(await adminWith('', 'create', 'Ada')).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing') });
    expect(await adminWith('short\n', 'create', 'Ada')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('8'),
    });
    const database = await readFile(join(data, 'roost.db'), 'latin1');
    expect(database).not.toContain(password);
  });

  it('a folder that another process has is named, with what to do', async () => {
    await using node = await startTestNode({ data });
    await rm(join(data, 'control.sock'));
    const { code, stderr } = await admin('grant', 'Ada', 'admin');
    expect(code).toBe(1);
    expect(stderr).toMatch(/data folder .* process \d+ has it.* admin\.grant\n$/);
    expect(node.pid).toBeGreaterThan(0);
  });
});
