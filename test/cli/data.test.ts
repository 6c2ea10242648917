/** `roost data` and `roost clean` on real folders, with and without a node on them. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestNode } from '../support/node.ts';
import { runNode } from '../support/run.ts';

const launcher = join(import.meta.dirname, '../../bin/roost.js');

let folder: string;
let place: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-data-'));
  place = join(folder, 'data');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const roost = (...words: string[]) => runNode([launcher, ...words, '--data', place]);
const data = (...words: string[]) => roost('data', ...words);

/** The value of a field in what `show` and `create` say. */
const fieldOf = (stdout: string, name: string) => new RegExp(`^${name} +(.*)$`, 'm').exec(stdout)?.[1];

// Each word is a process of its own.
describe('roost data', { timeout: 180_000 }, () => {
  it('CLI-06 makes the schema and the record of the node, and says what it has', async () => {
    expect(await data('types')).toMatchObject({ code: 1, stderr: expect.stringContaining('roost data init') });
    const made = await data('init');
    expect(made).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/schema \d+\nnode \S+ has partition 1,/),
    });
    // Again changes nothing.
    expect(await data('init')).toEqual(made);
    const types = await data('types');
    expect(types.stdout).toMatch(/^objects +0 +id$/m);
    expect(types.stdout).toMatch(/^partitions +1 +partition_number$/m);
    expect((await data('types', 'object')).stdout).toMatch(/^zone +text, required$/m);
    expect((await data('find', 'partitions')).stdout).toContain('"partition_number":1');
  });

  it('CLI-06 makes a thing that a zone then has, and shows any record by type and id', async () => {
    await data('init');
    const where = ['zone=devtest/den', 'x=3', 'y=4'];
    const made = await data('create', 'object', 'kind=box', 'name=Box', ...where, 'words=["lost"]');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const id = fieldOf(made.stdout, 'id') ?? '';
    expect(id).toMatch(/^0001[0-9a-f]{12}$/);
    expect((await data('show', 'object', id)).stdout).toBe(made.stdout);
    expect((await data('find', 'objects', 'kind=box')).stdout).toContain(`"id":"${id}"`);
    expect((await data('show', 'zone', 'devtest/den')).stdout).toMatch(/^game +devtest$/m);
    const chosen = await data('create', 'object', 'id=00ff000000000001', 'kind=box', ...where);
    expect(fieldOf(chosen.stdout, 'id')).toBe('00ff000000000001');
    expect((await data('create', 'object', 'zone=devtest/den', 'x=far')).stderr).toBe(
      'object x: wanted JSON, found far\n',
    );
    expect((await data('create', 'object', ...where)).stderr).toBe('object kind is missing\n');

    await using node = await startTestNode({ data: place });
    const client = await node.join('Fox', 'devtest/den');
    await client.until(() => client.objects.has(id));
    expect(client.objects.get(id)).toMatchObject({ kind: 'box', name: 'Box', x: 300, y: 400 });
    expect(client.objects.has('00ff000000000001')).toBe(true);
  });

  it('CLI-06 makes a record of any other type, with what that type wants', async () => {
    await data('init');
    const made = await data('create', 'partitions', 'partition_number=7', 'node=other', 'next=1');
    expect(made).toEqual({ code: 0, stderr: '', stdout: expect.stringMatching(/^partition_number 7\nnode +other/) });
    expect((await data('show', 'partitions', '7')).stdout).toBe(made.stdout);
    const said = async (...words: string[]) => (await data(...words)).stderr;
    expect(await said('create', 'partitions', 'partition_number=8', 'node=other', 'next=1')).toContain('UNIQUE');
    expect(await said('create', 'partitions', 'partition_number=8')).toContain('wants also node, next');
    expect(await said('create', 'partitions', 'partition_number=x', 'node=a', 'next=1')).toContain(
      'wanted a whole number',
    );
    expect(await said('create', 'partitions', 'colour=red')).toContain('has no field colour');
    expect(
      await said('create', 'timers', 'zone=no/where', 'object=', 'script=a', 'name=a', 'due=1', 'data=1'),
    ).toContain('FOREIGN KEY');
    expect(await said('create', 'object', 'zone=devtest/den', 'kind=box', 'x=1', 'y=zwei')).toContain('wanted JSON');
    expect(await said('create', 'object', 'zone=no zone', 'kind=box', 'x=1', 'y=1')).toContain('zone');
    expect(
      await said('create', 'object', 'id=0001000000ffffff', 'zone=devtest/den', 'kind=box', 'x=1', 'y=1'),
    ).toContain('still to give out');
    expect(await said('show', 'object', '0001000000000001')).toContain('There is no object 0001000000000001');
    expect(await said('show', 'nothing', '1')).toContain('there is no type "nothing"; known are');
  });

  it('CLI-06 reads beside a running node, writes nothing then, and never shows what would let somebody in', async () => {
    await using node = await startTestNode({ data: place });
    const client = await node.connect();
    await client.call('auth.register', { name: 'Ada', password: 'correct horse' });
    const found = await data('find', 'accounts', 'name=Ada');
    expect(found.stdout).toContain('"password_hash":"(not shown)"');
    const refused = await data('create', 'object', 'zone=devtest/den', 'kind=box', 'x=1', 'y=1');
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`process ${node.pid} has it`),
    });
    expect(await data('init')).toMatchObject({ code: 0, stdout: expect.stringContaining('a node runs on it') });
    expect(await roost('clean')).toMatchObject({ code: 1, stderr: expect.stringContaining('has it') });
  });
});

describe('roost clean', { timeout: 180_000 }, () => {
  it('CLI-08 takes away what a node left behind, and nothing of the world', async () => {
    expect(await roost('clean')).toMatchObject({ code: 1, stderr: expect.stringContaining('it holds no') });
    await data('init');
    const left = ['control.sock', 'workers', 'play.log', 'roost.db.partial'].map((name) => join(place, name));
    for (const path of left) await writeFile(path, '');
    const cleaned = await roost('clean');
    expect(cleaned.stdout).toBe(left.map((path) => `removed ${path}\n`).join(''));
    expect((await roost('clean')).stdout).toContain('nothing to clean');
    expect(await readdir(place)).toEqual(expect.arrayContaining(['roost.db']));
    expect((await data('find', 'partitions')).stdout).toContain('"partition_number":1');
    await writeFile(join(place, 'roost.db'), 'no database '.repeat(1_000));
    const broken = {
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Cannot \w+ the data folder [^\n]*NOTADB[^\n]*\n$/),
    };
    expect([await data('types'), await data('init')]).toEqual([broken, broken]);
  });
});
