import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runNode } from '../support/run.ts';

const lock = {
  packages: {
    '': { name: 'roost' },
    'node_modules/sqlite3': { version: '6.0.1', integrity: 'sha512-a' },
    'node_modules/vitest': { version: '5.1.1', integrity: 'sha512-b', dev: true },
    'node_modules/for-another-machine': { version: '1.0.0', integrity: 'sha512-c', optional: true, os: ['aix'] },
  },
};

/** Stands for npm: notes that it ran, and leaves behind what npm would. */
const npm = `
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
appendFileSync('runs', process.argv.slice(2).join(' ') + '\\n');
if (process.env.FAKE_FAILURE) { console.error(process.env.FAKE_FAILURE); process.exit(1); }
const { packages } = require(process.cwd() + '/package-lock.json');
mkdirSync('node_modules/sqlite3/build/Release', { recursive: true });
writeFileSync('node_modules/sqlite3/build/Release/node_sqlite3.node', '');
delete packages['node_modules/for-another-machine'];
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-setup-'));
  await mkdir(join(folder, 'bin'));
  await copyFile(join(import.meta.dirname, '../../bin/setup.js'), join(folder, 'bin/setup.js'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  await mkdir(join(folder, 'npm'));
  await writeFile(join(folder, 'npm/package.json'), '{"type":"commonjs"}');
  await writeFile(join(folder, 'npm/npm-cli.js'), npm);
});
afterEach(() => rm(folder, { recursive: true }));

const setup = (args: readonly string[] = [], env: Record<string, string> = {}) =>
  runNode([join(folder, 'bin/setup.js'), ...args], {
    cwd: folder,
    env: { npm_execpath: join(folder, 'npm/npm-cli.js'), npm_node_execpath: process.execPath, ...env },
  });
const runs = async () => (await readFile(join(folder, 'runs'), 'utf8')).trim().split('\n');

describe('setup before start', () => {
  it('installs once, says why, and is silent afterwards', async () => {
    const first = await setup();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/installing its packages with npm ci \(first start/);
    expect(first.stdout).toMatch(/packages installed in \d+ s/);
    expect(await setup()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await runs()).toHaveLength(1);
  });

  it('installs again when the lock file has changed', async () => {
    await setup();
    const newer = {
      packages: { ...lock.packages, 'node_modules/sqlite3': { version: '6.0.2', integrity: 'sha512-d' } },
    };
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(newer));
    expect((await setup()).stdout).toContain('node_modules/sqlite3 is not as package-lock.json says');
    expect(await runs()).toHaveLength(2);
  });

  it('installs again after an interrupted install', async () => {
    await setup();
    await writeFile(join(folder, 'node_modules/.package-lock.json'), '{"packages":{"node_mod');
    await setup();
    expect(await runs()).toHaveLength(2);
  });

  it('needs the tools for testing only where tests run', async () => {
    await setup();
    const { 'node_modules/vitest': _, ...production } = lock.packages;
    await writeFile(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: production }));
    expect((await setup()).stdout).toBe('');
    expect((await setup(['--dev'])).stdout).toContain('node_modules/vitest');
  });

  it('started twice at once installs once', async () => {
    const both = await Promise.all([setup(), setup(), setup()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await runs()).toHaveLength(1);
  });

  it('goes on where a killed one left its lock behind', async () => {
    const dead = await runNode(['-p', 'process.pid']);
    await writeFile(join(folder, '.setup.lock'), dead.stdout.trim());
    expect(await setup()).toMatchObject({ code: 0 });
    await expect(readFile(join(folder, '.setup.lock'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([
    ['npm error code ENOTFOUND', 'The package registry could not be reached.'],
    ['npm error code EACCES', 'npm may not write to'],
    ['npm error code ENOSPC', 'The disk is full.'],
    ['npm error something new', 'run `npm ci` by hand'],
  ])('tells the next step after %j', async (said, step) => {
    const { code, stderr } = await setup([], { FAKE_FAILURE: said });
    expect(code).toBe(1);
    expect(stderr).toContain(said);
    expect(stderr).toContain(step);
    expect(stderr).toContain('Next step:');
  });

  it('names the compiler that is missing', async () => {
    // A PATH without any tool: only Node itself is called by its full path.
    const { stderr } = await setup([], { FAKE_FAILURE: 'npm error gyp ERR! find Python', PATH: folder });
    expect(stderr).toContain('this machine lacks make, g++, python3');
    expect(stderr).toContain('sudo apt-get install -y build-essential python3');
  });
});
