/** `roost run`: a node with a selection of its doors. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withRoles } from '../../core/cli/roles.ts';
import { configure } from '../../core/configure.ts';
import { runNode } from '../support/run.ts';
import { Typist } from '../support/typist.ts';

const launcher = join(import.meta.dirname, '../../bin/roost.js');

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** Whether somebody takes a connection there. */
async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const outcome = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return outcome;
}

it('CLI-08 runs a selection of roles: the ports of others stay closed, whatever the settings say', {
  timeout: 60_000,
}, async () => {
  const data = await mkdtemp(join(tmpdir(), 'roost-roles-'));
  const [text = 0, turn = 0] = await freePorts(2);
  const env = { ROOST_TEXT_PORT: String(text), ROOST_TURN_PORT: String(turn) };
  const flags = ['--port', '0', '--data', data, '--workers', '1', '--log', 'error'];
  {
    await using node = new Typist(process.execPath, [launcher, 'run', 'web,turn', ...flags], env);
    const [url] = await node.until(/http:\S+/);
    expect((await fetch(new URL('/healthz', url))).ok).toBe(true);
    expect((await node.until(/\S+(?= {2}\(the turn relay\))/))[0]).toBe(`http://127.0.0.1:${turn}`);
    expect([await isOpen(turn), await isOpen(text)]).toEqual([true, false]);
  }
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
  const refused = await runNode([launcher, 'run', 'web,mail', ...flags]);
  expect(refused).toMatchObject({ code: 1, stderr: 'there is no role "mail"; known are web, text, turn\n' });
  expect(await runNode([launcher, 'run', 'text', ...flags])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('web'),
  });
});

it('CLI-08 gives a role its usual port when none is set', async () => {
  const { config } = await configure({ flags: ['--text-port', '7000'], env: {}, cwd: tmpdir() });
  expect(withRoles(config, [])).toBe(config);
  expect(withRoles(config, ['web'])).toMatchObject({ textPort: 0, turnPort: 0, port: 3000 });
  expect(withRoles(config, ['web', 'text', 'turn'])).toMatchObject({ textPort: 7000, turnPort: 8192 });
});
