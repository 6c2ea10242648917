import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reason } from '../../core/cli/reason.ts';
import { runNode } from '../support/run.ts';

const home = resolve(import.meta.dirname, '../..');
const launcher = join(home, 'bin/roost.js');
/** See launcher.test.ts. */
const asOlderNode = ['--import', 'data:text/javascript,process.execve = undefined'];

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-start-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const flags = () => ['--port', '0', '--data', join(folder, 'data'), '--workers', '1', '--log', 'error'];

/** Starts a node by its launcher and gives back its first line once it is there. */
async function start(...node: string[]) {
  const child = spawn(process.execPath, [...node, launcher, 'start', ...flags()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  // The pipe is closed when nobody writes any more: launcher, node and workers are all gone.
  const gone = once(child, 'close');
  const ended = gone.then(([code]) =>
    Promise.reject(new Error(`roost start ended with ${code} before it said its URL`)),
  );
  const [url] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string];
  return { child, url, gone };
}

async function health(url: string) {
  const answer = await fetch(new URL('/healthz', url));
  return (await answer.json()) as { status: string; pid: number };
}

describe('roost start', () => {
  it('prints its URL first, answers /healthz and ends well on SIGTERM', async () => {
    const { child, url, gone } = await start();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/?$/);
    expect(await health(url)).toMatchObject({ status: 'ok', pid: child.pid });
    child.kill('SIGTERM');
    expect(await gone).toEqual([0, null]);
  });

  it('takes two signals at once for one: npm passes on what the terminal has sent', async () => {
    const { child, gone } = await start();
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await gone).toEqual([0, null]);
  });

  it('keeps its data folder to itself', async () => {
    const { child, gone } = await start();
    expect((await stat(join(folder, 'data'))).mode & 0o077).toBe(0);
    const second = await runNode([launcher, 'start', ...flags()]);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(/data folder/i);
    expect(second.stderr.trim().split('\n')).toHaveLength(1);
    child.kill('SIGTERM');
    await gone;
  });

  it('says in one line that the port is taken', async () => {
    const { child, url, gone } = await start();
    const { port } = new URL(url);
    const second = await runNode([launcher, 'start', '--port', port, '--data', join(folder, 'other')]);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toBe(
      `Cannot listen on 127.0.0.1:${port}: another program does already. Use --port to take another one.\n`,
    );
    for (const flag of ['--turn-port', '--text-port']) {
      const other = await runNode([launcher, 'start', '--port', '0', flag, port, '--data', join(folder, 'other')]);
      expect(other).toMatchObject({ code: 1, stdout: '' });
      expect(other.stderr).toBe(
        `Cannot listen on 127.0.0.1:${port}: another program does already. Use ${flag} to take another one.\n`,
      );
    }
    child.kill('SIGTERM');
    await gone;
  });

  it('says in words which host is none of this machine, and that files cannot be watched', () => {
    const lost = { code: 'ENOTFOUND', hostname: 'nohost.example' };
    expect(reason(Object.assign(new Error('getaddrinfo'), lost))).toMatch(/^Cannot listen on nohost\.example: /);
    const full = { code: 'ENOSPC', syscall: 'watch' };
    expect(reason(Object.assign(new Error('ENOSPC: no more watchers'), full))).toMatch(
      /ENOSPC.*max_user_watches.*--poll\.$/,
    );
  });

  it('ends when its launcher is killed, and leaves no worker behind', async () => {
    const { child, url, gone } = await start(...asOlderNode);
    expect((await health(url)).pid).not.toBe(child.pid);
    child.kill('SIGKILL');
    expect(await gone).toEqual([null, 'SIGKILL']);
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe('npm start', () => {
  it('a signal to npm drains the node behind its shell', async () => {
    const child = spawn('npm', ['start', '--silent', '--', ...flags()], {
      cwd: home,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const gone = once(child, 'close');
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
    expect((await health(url)).pid).not.toBe(child.pid);
    child.kill('SIGTERM');
    // Closed means that nobody holds the pipe any more, the node included.
    await gone;
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe('roost reset', () => {
  it('names a zone that no game declares', async () => {
    const { code, stderr } = await runNode([launcher, 'reset', 'farmyard/nowhere', '--data', join(folder, 'data')]);
    expect(code).toBe(1);
    expect(stderr).toContain('farmyard/nowhere');
  });
});

describe('roost check', () => {
  const check = (...more: string[]) => runNode([launcher, 'check', ...more], { cwd: folder });

  it('finds nothing wrong with what Roost brings', async () => {
    expect(await check()).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    [
      'scripts/broken.ts',
      "import { defineObject } from 'roost';\n\nexport default defineObject({ on: { tick( } });\n",
      /:3:\d+: /,
    ],
    [
      'scripts/lost.ts',
      "import { defineObject } from 'roost';\nimport { x } from './no/where.ts';\nexport default defineObject({});\n",
      /:2:\d+: /,
    ],
    [
      'scripts/odd.ts',
      "import { defineObject } from 'roost';\n\nexport default defineObject({\n  on: { tik() {} },\n});\n",
      /scripts\/odd\.ts:4:9: TypeError: on has no 'tik'/,
    ],
    ['games/sad/game.json', '{\n  "title": "Sad",\n}\n', /:3:\d+: /],
    ['games/odd/game.json', '{ "title": 7 }\n', /:1:\d+: /],
  ])('ends with 1 and the place of a fault in %s', async (path, text, place) => {
    await mkdir(join(folder, 'root', path, '..'), { recursive: true });
    await writeFile(join(folder, 'root', path), text);
    const { code, stderr } = await check('--root', 'root');
    expect(code).toBe(1);
    expect(stderr).toContain(path);
    expect(stderr).toMatch(place);
  });

  it.each([
    [
      'plugins/sad/call.ts',
      "import { defineMethod } from 'roost/plugin';\n\nexport default defineMethod({ handle( });\n",
      /call\.ts:3:\d+: /,
    ],
    ['plugins/odd/call.ts', 'export default 7;\n', /call\.ts:\d+:\d+: /],
  ])('ends with 1 and the place of a fault in %s', async (path, text, place) => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
    const { code, stderr } = await check('--plugins', 'plugins');
    expect(code).toBe(1);
    expect(stderr).toMatch(place);
  });
});
