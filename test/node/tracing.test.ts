import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toItem } from '../../core/node/asks.ts';
import { startTestNode, type TestNode } from '../support/node.ts';

const module = fileURLToPath(new URL('../support/spans.ts', import.meta.url));

type Span = {
  readonly name: string;
  readonly kind: number;
  readonly trace: string;
  readonly id: string;
  readonly parent: string | null;
  /** Unix seconds. */
  readonly from: number;
  readonly to: number;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly status: number;
};

const server = 1;
const failed = 2;

/** A plugin that calls another method and writes to the database. */
const plugin = `
import { defineMethod } from 'roost/plugin';
/** Notes something. */
export default defineMethod({
  async handle({ host }) {
    await host.call('who');
    await host.db.transaction((trx) => trx.run('create table if not exists noted (at integer)'));
    return true;
  },
});
`;

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'roost-spans-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a node has told of its calls, once it has ended. */
async function spansOf(
  play: (node: TestNode) => Promise<void>,
  { flags, env = {} }: { flags: readonly string[]; env?: Record<string, string> },
): Promise<{ readonly stopped: boolean; readonly spans: readonly Span[] }> {
  return await withFolder(async (folder) => {
    const file = join(folder, 'spans.json');
    await mkdir(join(folder, 'plugins/notes'), { recursive: true });
    await writeFile(join(folder, 'plugins/notes/write.ts'), plugin);
    await writeFile(join(folder, 'plugins/who.ts'), plugin.replace(/ {4}await host.*\n/g, ''));
    const plugins = [join(folder, 'plugins')];
    await using node = await startTestNode({ flags, plugins, env: { ...env, SPANS_FILE: file } });
    await play(node);
    await node.kill('SIGTERM');
    return JSON.parse(await readFile(file, 'utf8'));
  });
}

async function callAround(node: TestNode): Promise<void> {
  const fox = await node.join('Fox', 'devtest/rules');
  const clock = await fox.one('clock');
  await fox.call('object.call', { id: clock.id, method: 'wind', params: { seconds: 60 } });
  await fox.call('chat.say', { text: 'hello' });
  await fox.call('notes.write');
  await expect(fox.call('no.such')).rejects.toMatchObject({ code: 'call.unknown-method' });
}

const one = (spans: readonly Span[], name: string) => {
  const found = spans.filter((span) => span.name === name);
  expect(found.map((span) => span.name)).toEqual([name]);
  return found[0] as Span;
};

describe('a call that is followed', () => {
  it('is a span with its part in the worker and its commit below it', async () => {
    const { stopped, spans } = await spansOf(callAround, { flags: ['--telemetry', module] });
    expect(stopped).toBe(true);
    const partsOf = ({ id }: Span) => spans.filter(({ parent }) => parent === id);

    const durable = one(spans, 'object.call');
    expect(durable).toMatchObject({ kind: server, parent: null });
    expect(durable.facts).toMatchObject({
      'roost.method': 'object.call',
      'roost.zone': 'devtest/rules',
      'roost.code': 'ok',
      'roost.via': 'socket',
    });
    const [tick, commit, ...more] = partsOf(durable);
    expect(more).toEqual([]);
    expect(tick).toMatchObject({ name: 'zone.tick', trace: durable.trace });
    expect(commit).toMatchObject({ name: 'store.commit', trace: durable.trace });
    expect(tick?.facts).toMatchObject({ 'roost.zone': 'devtest/rules', 'roost.tick': expect.any(Number) });
    expect(commit?.facts['roost.tick']).toBe(tick?.facts['roost.tick']);
    // The clocks of two processes, of which one tells milliseconds.
    for (const part of [tick, commit]) {
      expect(part?.from).toBeGreaterThan(durable.from - 0.002);
      expect(part?.to).toBeLessThan(durable.to + 0.002);
      expect(part?.to).toBeGreaterThanOrEqual(part?.from ?? Number.POSITIVE_INFINITY);
    }
    expect(commit?.to).toBeGreaterThanOrEqual(tick?.to ?? Number.POSITIVE_INFINITY);

    // Its name is nobody's; then a new character is on disk before its player hears of it.
    expect(partsOf(one(spans, 'zone.enter')).map(({ name }) => name)).toEqual([
      'character.taken',
      'zone.tick',
      'store.commit',
    ]);
    // Nobody has silenced it, which the node knows; and a line is not durable.
    expect(partsOf(one(spans, 'chat.say')).map(({ name }) => name)).toEqual(['admin.muted', 'zone.tick']);
    const noted = one(spans, 'notes.write');
    expect(partsOf(noted).map(({ name, kind }) => [name, kind])).toEqual([
      ['who', 0],
      ['store.commit', 0],
    ]);
    expect(one(spans, 'unknown')).toMatchObject({ parent: null, status: failed });
    expect(JSON.stringify(spans)).not.toContain('no.such');
    expect(new Set(spans.filter(({ parent }) => parent === null).map(({ trace }) => trace)).size).toBe(5);
  });

  it('is none when nobody asked for it, although there is somebody who would take it', async () => {
    const env = { NODE_OPTIONS: `--import ${pathToFileURL(module).href}` };
    const { stopped, spans } = await spansOf(callAround, { flags: [], env });
    expect(spans).toEqual([]);
    expect(stopped).toBe(false);
  });

  it('tells the worker of it only then', () => {
    const ask = { type: 'inspect', object: '0001000000000001' } as const;
    expect(toItem(ask, 1)).toEqual({ ...ask, call: 1 });
    expect(toItem({ ...ask, trace: '00-a-b-01' }, 1)).toEqual({ ...ask, call: 1, trace: '00-a-b-01' });
  });
});

describe('--telemetry', () => {
  it('with a module that cannot be loaded says so, and nothing starts', async () => {
    await expect(startTestNode({ flags: ['--telemetry', './there-is-none.mjs'] })).rejects.toThrow(
      /telemetry: .*there-is-none\.mjs cannot be loaded/,
    );
  });

  it('with a module that takes nothing says so', async () => {
    await withFolder(async (folder) => {
      const empty = join(folder, 'empty.mjs');
      await writeFile(empty, '');
      await using node = await startTestNode({ flags: ['--telemetry', empty] });
      await node.logged(({ msg }) => msg.startsWith('telemetry: the module has registered no tracer provider'));
      const fox = await node.join('Fox', 'devtest/rules');
      await fox.call('chat.say', { text: 'hello' });
    });
  });
});
