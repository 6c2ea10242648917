/** `roost backup` beside a node that is at work, and `roost restore` on a machine that has nothing. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConnection } from '../../core/store/connection.ts';
import type { TestClient } from '../support/client.ts';
import { startTestNode } from '../support/node.ts';
import { type Ran, runNode } from '../support/run.ts';
import { act, startTrial } from '../support/trial.ts';

const launcher = resolve(import.meta.dirname, '../../bin/roost.js');
const yard = 'trial/yard';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-backup-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const backup = (data: string, file: string) => runNode([launcher, 'backup', file, '--data', data], { cwd: folder });
const restore = (file: string, data: string) => runNode([launcher, 'restore', file, '--data', data], { cwd: folder });
const inFolder = (name: string) => join(folder, name);

/** Keeps a line for everything that is paid in. */
const bank = `import { defineObject, list } from 'roost';

export default defineObject({
  state: { ledger: list<string>() },
  methods: {
    deposit: {
      allow: 'view',
      durable: true,
      params: { name: 'string' },
      handle(self, { params }) {
        self.state.ledger = [...self.state.ledger, params.name];
        return self.state.ledger.length;
      },
    },
  },
});
`;

/** Pays in, one after the other, until told to stop; what is acknowledged is in the list, and its answer. */
function payIn(fox: TestClient, id: string) {
  const acknowledged: { readonly name: string; readonly lines: unknown }[] = [];
  let going = true;
  const working = (async () => {
    for (let sent = 1; going; sent++) {
      const name = `d${sent}`;
      acknowledged.push({ name, lines: (await act(fox, id, 'deposit', { name }, { once: name })).result });
    }
  })();
  return {
    acknowledged,
    async stop() {
      going = false;
      await working;
    },
  };
}

describe('a backup of a node at work', { timeout: 120_000 }, () => {
  it('PER-06 holds once each what was acknowledged before it was begun, and the node goes on writing', async () => {
    await using all = await startTrial({}, { 'games/trial/scripts/post.ts': bank });
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    const { id } = await fox.one('post');
    const { acknowledged, stop } = payIn(fox, id);
    await fox.until(() => acknowledged.length >= 10);
    const before = acknowledged.length;
    expect(await backup(node.data, inFolder('a.roost'))).toMatchObject({ code: 0, stderr: '' });
    expect((await stat(inFolder('a.roost'))).mode & 0o777).toBe(0o600);
    const after = acknowledged.length;
    expect(after).toBeGreaterThan(before);
    // What comes later is the old world's, not the copy's.
    await fox.until(() => acknowledged.length >= after + 5);
    await stop();
    await node.kill('SIGKILL');
    fox.close();

    expect(await restore(inFolder('a.roost'), inFolder('other'))).toMatchObject({ code: 0, stderr: '' });
    await using other = await startTestNode({ game: 'trial', roots: [trial.root], data: inFolder('other') });
    const back = await other.connect({ resume: fox.resume });
    await back.enter(yard, 'Fox');
    const ledger = back.objects.get(id)?.state.ledger as string[];
    expect(ledger.length).toBeGreaterThanOrEqual(before);
    expect(ledger.length).toBeLessThan(acknowledged.length);
    expect(ledger).toEqual(acknowledged.slice(0, ledger.length).map(({ name }) => name));
    // The guest is known by the token of before, and what was done once stays done once.
    const { name, lines } = acknowledged[before - 1] as (typeof acknowledged)[number];
    expect((await act(back, id, 'deposit', { name }, { once: name })).result).toBe(lines);
    expect((await act(back, id, 'deposit', { name: 'new' })).result).toBe(ledger.length + 1);
  });

  it('waits for no writer, and nothing is left of one that cannot be written', async () => {
    await using all = await startTrial();
    const { data } = all.node;
    const other = await openConnection(join(data, 'roost.db'), ['pragma busy_timeout = 2000']);
    await other.all('begin immediate');
    expect(await backup(data, inFolder('a.roost'))).toMatchObject({ code: 0 });
    await other.all('rollback');
    await other.close();
    expect(await backup(data, inFolder('no/such/a.roost'))).toEqual(refused(/Cannot write the backup/));
    expect(await backup(data, inFolder('a.roost'))).toEqual(refused(/is there already/));
    expect(await backup(inFolder('nothing'), inFolder('b.roost'))).toEqual(refused(/holds no roost\.db/));
    expect(await readdir(folder)).toEqual(['a.roost']);
    expect(await restore(inFolder('a.roost'), data)).toEqual(refused(/process \d+ has it/));
  });

  it('one that is stopped ends with 1, and nothing is left of it', async () => {
    const data = inFolder('data');
    await mkdir(data);
    const database = await openConnection(join(data, 'roost.db'), []);
    await database.all('create table ballast as select randomblob(60000000) as data');
    await database.close();
    const child = spawn(process.execPath, [launcher, 'backup', inFolder('a.roost'), '--data', data], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const gone = once(child, 'close');
    const said = text(child.stderr);
    for await (const { filename } of watch(folder)) if (filename?.includes('partial')) break;
    child.kill('SIGTERM');
    expect([await gone, await said]).toEqual([[1, null], expect.stringMatching(/^Stopped: nothing is left [^\n]*\n$/)]);
    expect(await readdir(folder)).toEqual(['data']);
  });

  it('one that was killed half-way leaves no file of that name', async () => {
    await using all = await startTrial();
    const file = inFolder('a.roost');
    const child = spawn(process.execPath, [launcher, 'backup', file, '--data', all.node.data], { stdio: 'ignore' });
    const gone = once(child, 'exit');
    const seen = watch(folder);
    for await (const { filename } of seen) if (filename?.includes('partial')) break;
    child.kill('SIGKILL');
    await gone;
    expect((await readdir(folder)).filter((name) => name === 'a.roost')).toEqual([]);
    expect(await backup(all.node.data, file)).toMatchObject({ code: 0 });
  });
});

describe('a restore', { timeout: 120_000 }, () => {
  /** A backup of an empty world, for tests that spoil it. */
  async function makeBackup(): Promise<Buffer> {
    await using node = await startTestNode();
    expect(await backup(node.data, inFolder('a.roost'))).toMatchObject({ code: 0 });
    return await readFile(inFolder('a.roost'));
  }

  it('refuses what is not byte for byte what was backed up, and leaves nothing', async () => {
    const good = await makeBackup();
    const start = good.indexOf('\n') + 1;
    const head = JSON.parse(good.toString('utf8', 0, start)) as Record<string, unknown>;
    const pages = gunzipSync(good.subarray(start));
    const packed = (more: object, data: Buffer) =>
      Buffer.concat([Buffer.from(`${JSON.stringify({ ...head, ...more })}\n`), gzipSync(data)]);
    const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    const turned = Buffer.from(good);
    turned.writeUInt8(turned.readUInt8(start + 900) ^ 1, start + 900);
    const holed = Buffer.from(pages).fill(0xa5, 4_096, 8_192);
    const spoilt: Readonly<Record<string, readonly [Buffer, RegExp]>> = {
      empty: [Buffer.alloc(0), /first line/],
      pages: [pages, /first line/],
      short: [good.subarray(0, good.length - 200), /no whole database/],
      turned: [turned, /no whole database/],
      other: [packed({}, Buffer.from(pages).fill(1, 5_000, 5_001)), /checksum/],
      more: [packed({}, Buffer.concat([pages, pages])), /unpacks to more/],
      // The checksum is right: SQLite finds what is wrong.
      holed: [packed({ sha256: sha256(holed) }, holed), /no whole database/],
      newer: [packed({ schema: 9_999 }, pages), /knows up to/],
      later: [packed({ format: 2, more: true }, pages), /its format is 2/],
      lying: [packed({ schema: 0 }, pages), /says schema 0/],
    };
    for (const [name, [data, why]] of Object.entries(spoilt)) {
      await writeFile(inFolder(name), data);
      expect(await restore(inFolder(name), inFolder('data')), name).toEqual(refused(why));
    }
    expect((await readdir(inFolder('data'))).filter((name) => name.startsWith('roost.db'))).toEqual([]);
    expect(await restore(inFolder('none'), inFolder('data'))).toEqual(refused(/none/));
    expect(await restore(inFolder('a.roost'), inFolder('data'))).toMatchObject({ code: 0, stderr: '' });
    expect((await stat(inFolder('data'))).mode & 0o777).toBe(0o700);
    expect((await stat(inFolder('data/roost.db'))).mode & 0o777).toBe(0o600);
  });

  it('touches no folder that holds anything', async () => {
    await makeBackup();
    expect(await restore(inFolder('a.roost'), folder)).toEqual(refused(/it holds a\.roost/));
    expect(await readdir(folder)).toEqual(['a.roost']);
    expect(await restore(inFolder('a.roost'), inFolder('data'))).toMatchObject({ code: 0 });
    expect(await restore(inFolder('a.roost'), inFolder('data'))).toEqual(refused(/it holds roost\.db/));
    // What a restore that was killed has left is no world.
    await mkdir(inFolder('half'));
    await writeFile(inFolder('half/lock.db'), '');
    await writeFile(inFolder('half/roost.db.partial'), 'half');
    expect(await restore(inFolder('a.roost'), inFolder('half'))).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(inFolder('half'))).not.toContain('roost.db.partial');
  });
});

/** One line of reason, and nothing else. */
function refused(why: RegExp): Ran {
  return { code: 1, stdout: '', stderr: expect.stringMatching(new RegExp(`^[^\n]*${why.source}[^\n]*\n$`)) };
}
