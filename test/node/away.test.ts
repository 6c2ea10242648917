/** A database that is busy or gone for a moment: what needs it waits or fails with a code, and nothing is done twice. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Connection, openConnection } from '../../core/store/connection.ts';
import type { TestNode } from '../support/node.ts';
import { run } from '../support/run.ts';
import { act, startTrial, trialFiles } from '../support/trial.ts';

const yard = 'trial/yard';
const impatient = { ROOST_STORE_BUSY_MS: '300' };

/** Another program that has the database open. */
async function openBeside(node: TestNode): Promise<Connection & AsyncDisposable> {
  const connection = await openConnection(join(node.data, 'roost.db'), ['pragma busy_timeout = 2000']);
  return { ...connection, [Symbol.asyncDispose]: () => connection.close() };
}

const fountain = `import { defineObject } from 'roost';

export default defineObject({
  body: { shape: 'circle', radius: 0.1, type: 'static' },
  state: { made: 0 },
  on: {
    create(self) {
      self.every(0.2, 'gush');
    },
  },
  timers: {
    gush(self, { world }) {
      world.spawn('mark', { at: self, life: 0.3 });
      self.state.made += 1;
    },
  },
});
`;

const build = (number: number) => `import { defineMethod } from 'roost/plugin';

export default defineMethod({ handle: () => ${number} });
`;

/** A folder with the plugin \`note\`, which has a table. */
async function pluginFolder() {
  const path = await mkdtemp(join(tmpdir(), 'roost-plugins-'));
  await mkdir(join(path, 'note'));
  const write = (name: string, text: string) => writeFile(join(path, 'note', name), text);
  await write('build.ts', build(1));
  await write(
    'plugin.ts',
    `import { definePlugin } from 'roost/plugin';

export default definePlugin({
  version: '1.0.0',
  migrations: [{ name: '001-rows', up: (trx) => trx.run('create table note_rows (at integer)') }],
});
`,
  );
  await write(
    'add.ts',
    `import { defineMethod } from 'roost/plugin';

export default defineMethod({
  handle: ({ host }) =>
    host.db.transaction(async (trx) => {
      await trx.run('insert into note_rows (at) values (1)');
      return (await trx.run('select at from note_rows')).length;
    }),
});
`,
  );
  return { path, write, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The map of the yard with so many posts. */
function posts(count: number): string {
  const map = JSON.parse(trialFiles['games/trial/maps/yard.tmj'] as string);
  const [post] = map.layers[0].objects;
  map.layers[0].objects = Array.from({ length: count }, (_, i) => ({
    ...{ ...post, id: i + 1, x: 96 + (i % 8) * 48, y: 96 + Math.floor(i / 8) * 48 },
  }));
  return JSON.stringify(map);
}

describe('while the database is busy', () => {
  it('PER-08 a durable call with `once` that was told so is applied once, however often it is repeated', async () => {
    await using all = await startTrial({ env: impatient });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    await using other = await openBeside(node);
    await other.all('begin immediate');
    const add = (once: string) => act(fox, post.id, 'add', {}, { once });
    await expect(add('a')).rejects.toMatchObject({ code: 'store.busy', details: { outcome: 'unknown' } });
    const again = [add('a'), add('a')];
    await other.all('commit');
    expect((await Promise.all(again)).map(({ result }) => result)).toEqual([1, 1]);
    expect((await add('a')).result).toBe(1);
    expect((await add('b')).result).toBe(2);
  });

  it('PER-08 who could not enter leaves no second self behind', async () => {
    await using all = await startTrial({ env: impatient });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const hare = await node.connect();
    await using other = await openBeside(node);
    await other.all('begin immediate');
    await expect(hare.enter(yard, 'Hare')).rejects.toMatchObject({ code: 'store.busy' });
    await other.all('commit');
    await hare.enter(yard, 'Hare');
    const selves = () => fox.all('walker').flatMap(({ id, name }) => (name === 'Hare' ? id : []));
    await fox.until(() => selves().length === 1 && selves()[0] === hare.character);
  });

  it('PER-08 who waited too long to be let in leaves no second self behind', async () => {
    await using all = await startTrial({ env: { ROOST_HANDLER_MS: '2000' } });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const hare = await node.connect();
    const selves = () => fox.all('walker').flatMap(({ id, name }) => (name === 'Hare' ? id : []));
    await using other = await openBeside(node);
    await other.all('begin immediate');
    await expect(hare.enter(yard, 'Hare')).rejects.toMatchObject({ code: 'call.timeout' });
    await other.all('commit');
    await hare.enter(yard, 'Hare');
    await fox.until(() => selves().length === 1 && selves()[0] === hare.character);
  });

  it('PER-02 a zone that was refused more ids gets them when it is back', { timeout: 60_000 }, async () => {
    const files = { 'games/trial/scripts/post.ts': fountain, 'games/trial/maps/yard.tmj': posts(32) };
    await using all = await startTrial({ env: impatient }, files);
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const made = () => fox.all('post').reduce((sum, { state }) => sum + Number(state.made ?? 0), 0);
    await using other = await openBeside(node);
    await other.all('begin immediate');
    await node.logged((line) => line.msg === 'no ids granted yet');
    await other.all('commit');
    // One block is 1,024 ids.
    await fox.until(() => made() > 1_300);
  });

  it('ZON-06 a timer that came due meanwhile fires afterwards', { timeout: 60_000 }, async () => {
    const quick = { ROOST_SLEEP_AFTER_MS: '100', ROOST_UNLOAD_AFTER_MS: '100', ROOST_GRACE_MS: '0' };
    await using all = await startTrial({
      env: { ...impatient, ...quick, ROOST_ZONE_START_MS: '2000' },
      flags: ['--log', 'debug'],
    });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    await act(fox, (await fox.one('post')).id, 'later', { seconds: 2 });
    fox.close();
    await node.logged((line) => line.msg === 'zone closed' && line.zone === yard);
    await using other = await openBeside(node);
    await other.all('begin immediate');
    await node.logged((line) => line.msg === 'zone not started for its timer');
    const from = node.logs.length;
    await other.all('commit');
    await node.logged((line) => line.msg === 'zone closed' && line.zone === yard, from);
    expect(await other.all(`select id from objects where kind = 'mark'`)).toHaveLength(1);
  });
});

describe('a lost connection', () => {
  it('PER-08 has its character back when the database is back, although its worker ended meanwhile', async () => {
    await using all = await startTrial({ env: impatient, flags: ['--log', 'debug'] });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const [worker] = await node.workerPids();
    fox.close();
    await node.logged((line) => line.msg === 'session closed');
    await using other = await openBeside(node);
    await other.all('begin immediate');
    // It is asked for the character, cannot answer, and is gone.
    process.kill(worker ?? 0, 'SIGSTOP');
    const again = await node.connect({ resume: fox.resume });
    process.kill(worker ?? 0, 'SIGKILL');
    await node.logged((line) => line.msg === 'zone did not load; once more');
    await other.all('commit');
    expect(await again.next('resumed')).toMatchObject({ zone: yard, character: fox.character, name: 'Fox' });
  });
});

describe('a guest of before a restart', () => {
  it('PER-08 is known again when the database is back: nobody is told that the token is unknown because it was busy', async () => {
    await using all = await startTrial({ env: impatient });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    const add = (client: typeof fox) => act(client, post.id, 'add', {}, { once: 'a' });
    const first = await add(fox);
    fox.close();
    await node.restart('SIGKILL');
    await using other = await openBeside(node);
    await other.all('begin immediate');
    const again = await node.connect({ resume: fox.resume });
    await node.logged((line) => line.msg === 'not taken back yet');
    await other.all('commit');
    await again.enter(yard, 'Fox');
    expect(await add(again)).toEqual(first);
  });

  it('PER-08 is remembered also when the database was busy as it came in', async () => {
    await using all = await startTrial({ env: impatient });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    const add = (client: typeof fox) => act(client, post.id, 'add', {}, { once: 'a' });
    const first = await add(fox);
    await using other = await openBeside(node);
    await other.all('begin immediate');
    const { resume } = await fox.enter(yard, 'Fox');
    await other.all('commit');
    await expect
      .poll(async () => (await other.all('select token_hash from guests')).map((row) => row.token_hash), {
        timeout: 20_000,
      })
      .toEqual([createHash('sha256').update(resume).digest('hex')]);
    fox.close();
    await node.restart('SIGKILL');
    const again = await node.connect({ resume });
    await again.enter(yard, 'Fox');
    expect(await add(again)).toEqual(first);
  });
});

describe('plugins while the database is away', () => {
  it('PER-08 one that is saved while it is busy runs when it is back', async () => {
    await using folder = await pluginFolder();
    await using all = await startTrial({ env: impatient, plugins: [folder.path] });
    const { node } = all;
    const fox = await node.connect();
    expect(await fox.call('note.build')).toBe(1);
    await using other = await openBeside(node);
    await other.all('begin immediate');
    await folder.write('build.ts', build(2));
    await node.logged((line) => String(line.msg).startsWith('plugin note: '));
    await other.all('commit');
    await expect.poll(() => fox.call('note.build'), { timeout: 20_000 }).toBe(2);
  });

  it.runIf(process.platform === 'linux')(
    'PER-08 one that meets a full disk gives its caller a code, and is not switched off for it',
    async () => {
      await using folder = await pluginFolder();
      await using all = await startTrial({ plugins: [folder.path], env: { ROOST_PLUGIN_FAILURES: '1' } });
      const { node } = all;
      const fox = await node.connect();
      const limit = (most: string) => run('prlimit', ['--pid', `${node.pid}`, `--fsize=${most}:unlimited`]);
      expect(await limit('4096')).toMatchObject({ code: 0 });
      for (let i = 0; i < 6; i++) await expect(fox.call('note.add')).rejects.toMatchObject({ code: 'store.failed' });
      expect(await limit('unlimited')).toMatchObject({ code: 0 });
      expect(await fox.call('note.add')).toBe(1);
    },
  );
});

describe('while the database is gone', () => {
  it('PER-08 zones stay as they are, and one that loses its worker is back when the database is', async () => {
    await using all = await startTrial({ env: impatient });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    expect((await act(fox, post.id, 'add')).result).toBe(1);
    await using other = await openBeside(node);
    await other.all('alter table zones rename to elsewhere');
    await expect(act(fox, post.id, 'add')).rejects.toMatchObject({ code: 'store.busy' });
    expect((await act(fox, post.id, 'bump')).result).toBe(3);
    const back = fox.next('snapshot');
    process.kill((await node.workerPids())[0] as number, 'SIGKILL');
    await other.all('alter table elsewhere rename to zones');
    await back;
    // What the worker had handed over was kept and written.
    expect(Number((await act(fox, post.id, 'add')).result)).toBeGreaterThanOrEqual(3);
    expect(fox.messages.some(({ data }) => (data as { state?: string }).state === 'closed')).toBe(false);
  });
});
