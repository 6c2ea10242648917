import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Program } from '../../core/contract/content.ts';
import type { CallOutcome, Frame, ToNode, ToWorker } from '../../core/contract/link.ts';
import { openPipe, type PipeEnd } from '../../core/link/pipe.ts';
import { startWorkerProcess } from '../../core/node/worker-process.ts';
import { programOf, script } from '../support/isolate.ts';
import { content, emptySaved, row } from './support.ts';

const settings = {
  memoryMb: 512,
  isolateMb: 64,
  tickLimitMs: 200,
  watchdogMs: 20,
  flushMs: 50,
  durableFlushMs: 20,
  frameMb: 16,
  objectsPerZone: 5_000,
};
const owner = 'guest:00112233445566aa';
const farmer = '0001000000000001';
const player = row(farmer, { kind: 'farmer', name: 'Fox', owner });

/** A worker as the node starts it, with what it said so far. */
function startWorker(more: Partial<typeof settings> = {}) {
  const worker = startWorkerProcess({ ...settings, ...more }, 0);
  const messages: ToNode[] = [];
  const blame: string[] = [];
  const waiting = new Set<() => void>();
  const ended = Promise.withResolvers<PipeEnd>();
  const pipe = openPipe({
    input: worker.output,
    output: worker.input,
    onMessage(message) {
      messages.push(message as ToNode);
      for (const look of waiting) look();
    },
    onEnd: ended.resolve,
  });
  worker.blame.on('data', (chunk) => blame.push(...String(chunk).trim().split('\n')));
  const closed = once(worker.child, 'close');

  /** The first message that fits, waited for. */
  function until<T>(find: (message: ToNode) => T | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        for (const message of messages) {
          const found = find(message);
          if (found === undefined || found === false) continue;
          waiting.delete(look);
          resolve(found);
          return;
        }
      };
      waiting.add(look);
      look();
      void closed.then(([code, signal]) => reject(new Error(`the worker ended: ${code} ${signal} ${blame.join(' ')}`)));
    });
  }

  return {
    worker,
    pipe,
    messages,
    blame,
    until,
    ended: ended.promise,
    /** Exit code and signal. */
    closed,
    send: (message: ToWorker) => pipe.send(message),
    outcome: (call: number) =>
      until<CallOutcome>((m) => m.type === 'frame' && m.outcomes.find((outcome) => outcome.call === call)),
    async [Symbol.asyncDispose]() {
      worker.child.kill('SIGKILL');
      await closed;
    },
  };
}

function load(
  zone: string,
  programs: readonly Program[],
  objects = [player],
  more: Partial<Extract<ToWorker, { type: 'load' }>> = {},
): ToWorker {
  return {
    type: 'load',
    zone,
    epoch: 1,
    reason: 'recover',
    seed: 1,
    content: content(),
    programs,
    saved: { ...emptySaved, objects },
    ids: [{ first: '0001000000001000', count: 1024 }],
    former: [],
    caution: 'none',
    ...more,
  };
}

const compile = (sources: Record<string, string>) => {
  const files = Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [`scripts/${name}.ts`, script(source)]),
  );
  return Object.keys(files).map((path) => programOf(files, path));
};

const items = (zone: string, ...list: Extract<ToWorker, { type: 'items' }>['items']): ToWorker => ({
  type: 'items',
  zone,
  epoch: 1,
  items: list,
});
const call = (n: number, method: string) =>
  ({ type: 'call', call: n, owner, character: farmer, object: farmer, method, params: {}, durable: false }) as const;

describe('a worker process', () => {
  it('runs zones from pipes alone: loads, ticks, answers, saves and closes', async () => {
    await using test = startWorker();
    await test.until((m) => m.type === 'ready');
    const programs = compile({
      farmer: 'state: { n: 0 }, methods: { add: { handle(self) { return ++self.state.n; } } },',
    });
    test.send(load('test/a', programs));
    test.send(load('test/b', programs));
    test.send(items('test/a', call(1, 'add'), call(2, 'add')));
    test.send(items('test/b', call(3, 'add')));
    expect(await test.outcome(2)).toMatchObject({ ok: true, result: 2 });
    expect(await test.outcome(3)).toMatchObject({ ok: true, result: 1 });
    const isSet = (m: ToNode): m is Frame =>
      m.type === 'frame' && m.pub.zone === 'test/a' && m.keep?.objects[0] !== undefined;
    const set = await test.until((m) => isSet(m) && m);
    expect(set.keep?.objects).toMatchObject([{ id: farmer, state: { n: 2 } }]);
    test.send({ type: 'stats' });
    const stats = await test.until((m) => m.type === 'stats' && m);
    expect(stats.zones.map(({ zone, objects, players }) => [zone, objects, players])).toEqual([
      ['test/a', 1, 1],
      ['test/b', 1, 1],
    ]);
    test.send({ type: 'close', zone: 'test/a', epoch: 1 });
    await test.until((m) => m.type === 'frame' && m.closed);
    test.pipe.close();
    expect(await test.closed).toEqual([0, null]);
  });

  it('answers messages of a former epoch with silence', async () => {
    await using test = startWorker();
    await test.until((m) => m.type === 'ready');
    test.send(load('test/a', []));
    test.send({ type: 'close', zone: 'test/a', epoch: 0 });
    test.send({ type: 'save', zone: 'test/a', epoch: 1 });
    const frame = await test.until((m) => m.type === 'frame' && m.keep !== null && m);
    expect(frame.closed).toBe(false);
  });

  it('dies of a loop that no timeout ends, and says whose it was', async () => {
    await using test = startWorker();
    await test.until((m) => m.type === 'ready');
    const programs = compile({
      // The guard looks at the length once, the builtin again.
      farmer: `methods: { freeze: { handle() { let n = 0;
        return Array.prototype.indexOf.call({ get length() { return n++ ? 2 ** 53 - 1 : 1; } }, 1); } } },`,
    });
    test.send(load('test/a', programs));
    await test.until((m) => m.type === 'loaded');
    test.send(items('test/a', call(1, 'freeze')));
    expect(await test.closed).toEqual([null, 'SIGKILL']);
    const verdict = JSON.parse(test.blame.at(-1) ?? '');
    expect(verdict).toMatchObject({ reason: 'hangs', zone: 1, slot: 0, handler: expect.any(Number) });
    expect(test.blame.some((line) => line.includes('"zone":"test/a","number":1'))).toBe(true);
  });

  it('dies of memory that no limit of an isolate counts, below its own', async () => {
    await using test = startWorker({ memoryMb: 300 });
    await test.until((m) => m.type === 'ready');
    const programs = compile({
      farmer: 'methods: { eat: { handle() { const all = []; for (;;) all.push(new Array(1000).fill(1)); } } },',
    });
    test.send(load('test/a', programs));
    await test.until((m) => m.type === 'loaded');
    test.send(items('test/a', call(1, 'eat')));
    const [, signal] = (await test.closed) as [number | null, string | null];
    expect(signal).not.toBeNull();
  });

  it('convicts the script whose handler loops, and nobody who only ran in the same tick', async () => {
    await using test = startWorker();
    await test.until((m) => m.type === 'ready');
    const programs = compile({
      farmer: 'on: { tick(self) { let n = 0; for (let i = 0; i < 2e6; i++) n += i % 3; self.speed = n % 2; } },',
      hen: 'state: { n: 0 }, on: { tick(self) { if (++self.state.n > 5) for (;;); } },',
    });
    test.send(load('test/a', programs, [player, row('0001000000000002', { kind: 'hen', x: 12 })]));
    const convicted = await test.until((m) => m.type === 'convicted' && m);
    expect(convicted.report).toMatchObject({ script: 'hen', handler: 'tick', object: '0001000000000002' });
    test.send({ type: 'save', zone: 'test/a', epoch: 1 });
    await test.until((m) => m.type === 'frame' && m.keep?.objects.some(({ words }) => words.includes('suspended')));
    expect(test.messages.filter(({ type }) => type === 'convicted')).toHaveLength(1);
  });

  it('dies of memory that ticks left behind, and says whose zone it was, not who ran last', async () => {
    await using test = startWorker({ memoryMb: 300, isolateMb: 1_000 });
    await test.until((m) => m.type === 'ready');
    const hoarding = script(
      'on: { tick() { for (let i = 0; i < 2500; i++) all.push(new Array(1000).fill(i + 0.5)); } },',
      'const all = [];',
    );
    test.send(load('test/quiet', compile({ farmer: 'on: { tick(self) { self.speed = 1; } },' })));
    test.send(load('test/hoard', [programOf({ 'scripts/farmer.ts': hoarding }, 'scripts/farmer.ts')]));
    expect(await test.closed).toEqual([null, 'SIGKILL']);
    // The thread that ends it is another one than the one that writes what it does.
    const [verdict] = test.blame.map((line) => JSON.parse(line)).filter(({ reason }) => reason !== undefined);
    expect(verdict).toMatchObject({ reason: 'memory', zone: 2 });
    expect(verdict).not.toHaveProperty('handler');
  });

  it('makes the fullest isolate anew before its memory is too much', async () => {
    await using test = startWorker({ memoryMb: 260, isolateMb: 1_000 });
    await test.until((m) => m.type === 'ready');
    const hoarding = script(
      `state: { loads: 0 }, on: { load(self) { self.state.loads++; },
        tick() { for (let i = 0; i < 200; i++) all.push(new Array(1000).fill(i + 0.5)); } },`,
      'const all = [];',
    );
    test.send(load('test/a', [programOf({ 'scripts/farmer.ts': hoarding }, 'scripts/farmer.ts')]));
    await test.until((m) => m.type === 'frame' && m.pub.changes.some(({ state }) => Number(state?.loads) > 2));
  });

  it('writes a line before every handler and step of a zone that is to be careful', async () => {
    await using test = startWorker();
    await test.until((m) => m.type === 'ready');
    const programs = compile({
      farmer: 'state: { n: 0 }, on: { tick(self) { self.state.n++; self.velocity(1, 0); } },',
    });
    test.send(load('test/a', programs, [player], { caution: 'careful' }));
    await test.until((m) => m.type === 'frame' && m.pub.changes.some(({ state }) => Number(state?.n) > 2));
    const lines = test.blame.map((line) => JSON.parse(line) as { slot?: number; handler?: number; physics?: boolean });
    expect(lines.some(({ slot, handler }) => slot === 0 && handler === 0)).toBe(true);
    expect(lines.some(({ physics }) => physics === true)).toBe(true);
  });

  it.each([
    ['bytes that are no frame', (write: (bytes: Buffer) => void) => write(Buffer.from('GET / HTTP/1.1\r\n'))],
    ['a frame that is no message', (write: (bytes: Buffer) => void) => write(Buffer.from('\0\0\0\u0002[]'))],
    ['a message of no type', (write: (bytes: Buffer) => void) => write(Buffer.from('\0\0\0\u000f{"type":"fire"}'))],
  ])('ends itself on %s', async (_name, send) => {
    await using test = startWorker();
    await test.until((m) => m.type === 'ready');
    send((bytes) => test.worker.input.write(bytes));
    expect(await test.closed).toEqual([1, null]);
    expect(JSON.parse(test.blame.at(-1) ?? '')).toMatchObject({ reason: 'pipe' });
  });

  it('ends when the node is gone', async () => {
    await using test = startWorker();
    await test.until((m) => m.type === 'ready');
    test.worker.input.destroy();
    expect(await test.closed).toEqual([0, null]);
  });

  it('says nothing and does nothing while its zone rests', async () => {
    await using test = startWorker();
    await test.until((m) => m.type === 'ready');
    test.send(load('test/a', []));
    await test.until((m) => m.type === 'frame' && m);
    // Two questions with everything that would be said between them.
    test.send({ type: 'stats' });
    await test.until((m) => m.type === 'stats' && m);
    const before = test.messages.filter(({ type }) => type === 'frame').length;
    test.send({ type: 'save', zone: 'test/a', epoch: 1 });
    const asked = await test.until((m) => m.type === 'frame' && m.keep !== null && m.keep.objects.length === 0 && m);
    expect(asked.pub).toMatchObject({ in: [], moves: [], changes: [], events: [] });
    expect(test.messages.filter(({ type }) => type === 'frame').length).toBeLessThanOrEqual(before + 1);
  });
});
