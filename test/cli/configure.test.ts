import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingGame } from '../../core/cli/folders.ts';
import { configure, home, type Sources } from '../../core/configure.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'roost-config-'));
});
afterEach(() => rm(cwd, { recursive: true }));

const read = (flags: readonly string[] = [], env: Sources['env'] = {}) => configure({ flags, env, cwd });
const complaint = (flags: readonly string[], env: Sources['env'] = {}) =>
  read(flags, env).then(
    () => 'none',
    (error: Error) => error.message,
  );

describe('settings', () => {
  it('have defaults that fit one machine', async () => {
    const { config } = await read();
    expect(config).toMatchObject({ port: 3000, host: '127.0.0.1', game: 'farmyard', dev: true, flushMs: 250 });
    expect(config.data).toBe(join(cwd, 'data'));
    expect(config.workers).toBeGreaterThanOrEqual(1);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('are taken from flags over environment over roost.config.ts over default', async () => {
    await writeFile(
      join(cwd, 'roost.config.ts'),
      'const port: number = 1;\nexport default { port, flushMs: 30, tickLimitMs: 50 };\n',
    );
    const { config } = await read(['start', '--port', '3', '--data=elsewhere'], {
      ROOST_PORT: '2',
      ROOST_FLUSH_MS: '40',
    });
    expect(config).toMatchObject({
      port: 3,
      flushMs: 40,
      tickLimitMs: 50,
      settleMs: 50,
      data: join(cwd, 'elsewhere'),
    });
  });

  it('leave the words that are no flags', async () => {
    const { words } = await read(['reset', '--data', 'd', 'farmyard/meadow']);
    expect(words).toEqual(['reset', 'farmyard/meadow']);
  });

  it('put the built-in folders first and add those given, from the working directory', async () => {
    const { config } = await read(['--root', 'a', '--root', '/b', '--plugins', 'p']);
    expect(config.roots).toEqual([resolve(home), join(cwd, 'a'), '/b']);
    expect(config.plugins).toEqual([resolve(home, 'plugins'), join(cwd, 'p')]);
  });

  it('take lists from the environment in the way of the system', async () => {
    const { config } = await read([], { ROOST_ROOTS: '/a:/b', ROOST_ORIGINS: 'https://a.example, https://b.example' });
    expect(config.roots.slice(1)).toEqual(['/a', '/b']);
    expect(config.origins).toEqual(['https://a.example', 'https://b.example']);
  });

  it('mean development on loopback only, unless told', async () => {
    expect((await read(['--host', '0.0.0.0'])).config.dev).toBe(false);
    expect((await read(['--host', '0.0.0.0', '--dev'])).config.dev).toBe(true);
    expect((await read(['--no-dev'])).config.dev).toBe(false);
    expect((await read([], { ROOST_DEV: 'off' })).config.dev).toBe(false);
  });
});

describe('a wrong setting', () => {
  it.each([
    [['--port', 'abc'], '--port: wanted a whole number from 0 to 65535, found "abc"'],
    [['--port', '70000'], '--port: wanted a whole number from 0 to 65535, found 70000'],
    [['--port', '-1'], '--port: wanted a whole number from 0 to 65535, found "-1"'],
    [['--port', ''], '--port: wanted a whole number from 0 to 65535, found ""'],
    [['--port'], '--port: wanted a whole number from 0 to 65535, found nothing behind it'],
    [['--data', '--production'], '--data: wanted a folder, found --production behind it'],
    [['--production', '--dev'], '--dev: wanted off in production, which --production says this is, found on'],
    [['--prot', '1'], 'unknown flag --prot; did you mean --port?'],
    [['--roots', 'x'], 'unknown flag --roots; did you mean --root?'],
    [['--constructor'], 'unknown flag --constructor'],
    [['--log', 'loud'], '--log: wanted one of debug, info, warn, error, silent, found "loud"'],
    [['--dev=perhaps'], '--dev: wanted on or off, found "perhaps"'],
    [['--host', 'a b'], '--host: wanted a host name or an IP address, found "a b"'],
    [['--game', '../x'], '--game: wanted the name of a game (a to z, 0 to 9, dashes), found "../x"'],
  ])('%j is named with what was wanted and found', async (flags, message) => {
    expect(await complaint(flags)).toBe(message);
  });

  it('a game of `/` that is not there is a warning, with those that are', async () => {
    expect(missingGame((await read(['--game', 'castle'])).config)).toEqual([
      expect.stringMatching(/there is no game castle yet.*farmyard, wordgame/),
    ]);
    expect(missingGame((await read([])).config)).toEqual([]);
  });

  it('in the environment is named with its variable; an unknown one is a warning', async () => {
    expect(await complaint([], { ROOST_PORT: 'x' })).toBe(
      'environment ROOST_PORT: wanted a whole number from 0 to 65535, found "x"',
    );
    const ours = { ROOST_LAUNCHER_PID: '7', ROOST_BOT_TOKEN: 'x' };
    const { warnings } = await read([], { ROOST_PROT: '1', ROOST_HOST: '', ...ours });
    expect(warnings).toEqual(['unknown variable ROOST_PROT; did you mean ROOST_PORT?']);
  });

  it('in the file is named with its key', async () => {
    await writeFile(
      join(cwd, 'roost.config.ts'),
      "export default { port: '80', flushMS: 1, __proto__: { host: 'x' }, constructor: 1 };\n",
    );
    const found = await complaint([]);
    expect(found).toContain('roost.config.ts, port: wanted a whole number from 0 to 65535, found "80"');
    expect(found).toContain('roost.config.ts: unknown setting flushMS; did you mean flushMs?');
    expect(found).toContain('roost.config.ts: unknown setting constructor');
  });

  it.each([
    ['export const port = 1;\n', 'roost.config.ts: wanted `export default { … }`, found undefined'],
    ["throw new Error('no');\n", 'roost.config.ts cannot be read: no'],
  ])('file is named as a whole: %j', async (text, message) => {
    await writeFile(join(cwd, 'roost.config.ts'), text);
    expect(await complaint([])).toBe(message);
  });

  it('does not hide the next one', async () => {
    expect((await complaint(['--port', 'x', '--workers', '0', '--nothing'])).split('\n')).toHaveLength(3);
  });
});
