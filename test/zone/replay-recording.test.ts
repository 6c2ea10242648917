/** From the lines of a worker and what the node has sent to a recording, and from that to the same world. */
import { describe, expect, it } from 'vitest';
import type { InboxItem, ScriptReport, ToNode, ToWorker } from '../../core/contract/link.ts';
import type { Recording } from '../../core/contract/replay.ts';
import { createRecorder } from '../../core/node/recorder.ts';
import { createSandbox } from '../../core/script/sandbox.ts';
import { createRecorder as createLines } from '../../core/zone/recorder.ts';
import { checkpointEvery, recordZone } from '../../core/zone/recording.ts';
import { replay } from '../../core/zone/replay.ts';
import { createZone } from '../../core/zone/zone.ts';
import { programOf, script } from '../support/isolate.ts';
import { content, emptySaved, row } from './support.ts';

const owner = 'guest:00112233445566aa';
const player = '0001000000000001';
const hen = `body: { shape: 'circle', radius: 0.3 }, state: { mood: 0 },
  on: { tick(self, { world }) { self.wander(1); if (world.chance(0.02)) world.spawn('egg', { at: self, life: 3 }); } },`;
const better = hen.replace('wander(1)', 'wander(2)').replace('mood: 0', 'mood: 1');
const egg = "body: { shape: 'circle', radius: 0.15 },";
const limits = { memoryMb: 64, tickLimitMs: 2_000, loadLimitMs: 10_000, blame: null };
const clock = { now: () => 0, monotonicMs: () => performance.now() };

const compile = (source: string) =>
  ['scripts/farmer.ts', 'scripts/hen.ts', 'scripts/egg.ts'].map((path) =>
    programOf(
      { 'scripts/farmer.ts': script(egg), 'scripts/hen.ts': script(source), 'scripts/egg.ts': script(egg) },
      path,
    ),
  );

/** A zone of some hens, and a recorder that is told of it as a node is. */
function start(bounds?: Parameters<typeof createRecorder>[0]) {
  const recorder = createRecorder(bounds);
  const hens = Array.from({ length: 12 }, (_, i) =>
    row(`000100000000001${i.toString(16)}`, { kind: 'hen', x: 5 + i, y: 9 }),
  );
  const load: Extract<ToWorker, { type: 'load' }> = {
    ...{ type: 'load', zone: 'test/yard', epoch: 3, reason: 'recover', seed: 7, content: content() },
    ...{ programs: compile(hen), ids: [{ first: '0001000000001000', count: 1024 }], former: [], caution: 'none' },
    saved: { ...emptySaved, objects: [row(player, { kind: 'farmer', owner, x: 5, y: 5 }), ...hens] },
  };
  recorder.sent(1, load);
  const zone = createZone({
    ...{ load, createSandbox, sandbox: limits, clock, blame: { enter() {}, leave() {} }, send() {} },
    ...{ flushMs: 250, mostObjects: 5_000 },
  });
  if (zone.start() !== null) throw new Error('The zone did not load');
  const checkpoints: Promise<void>[] = [];
  const { promise: two, resolve } = Promise.withResolvers<void>();
  const recorded = recordZone(
    zone,
    createLines({
      ...{ zone: 'test/yard', epoch: 3, mostBytes: 1e7 },
      line: (tick, record) => recorder.line(1, JSON.stringify({ zone: 'test/yard', number: 1, tick, record })),
      send(message: ToNode) {
        if (message.type !== 'checkpoint') return;
        recorder.checkpoint(1, message);
        checkpoints.push(Promise.resolve());
        if (checkpoints.length === 2) resolve();
      },
    }),
  );
  let tick = 0;
  return {
    recorder,
    zone: recorded,
    /** Both checkpoints have come the long way. */
    two,
    run(ticks: number) {
      for (let i = 0; i < ticks; i++) {
        tick++;
        const items: InboxItem[] =
          tick % 3 === 0
            ? [{ type: 'input', owner, character: player, seq: tick, input: { x: Math.sin(tick / 9), y: 1 } }]
            : [];
        if (items.length > 0) recorder.sent(1, { type: 'items', zone: 'test/yard', epoch: 3, items });
        const rest = { ids: [], throttles: [], settled: false };
        recorded.tick({ tick, time: 1_000 + tick * 0.05, dt: 0.05, items, ...rest });
      }
    },
    swap(source: string) {
      const programs = compile(source);
      recorder.sent(1, { type: 'programs', zone: 'test/yard', epoch: 3, programs, way: 'new' });
      expect(recorded.swap(programs, true).ok).toBe(true);
    },
  };
}

function again(recording: Recording, tick: number) {
  const report: ScriptReport = {
    ...{ zone: 'test/yard', tick, object: null, kind: null, script: '', build: '', handler: '', file: '', line: 0 },
    ...{ column: 0, message: '', what: 'slow', count: 1 },
  };
  return replay({
    recording: JSON.parse(JSON.stringify(recording)) as Recording,
    ...{ report, instead: [], tickLimitMs: 2_000, mostObjects: 5_000, createSandbox, sandbox: limits, clock },
    ...{ blame: { enter() {}, leave() {} }, onStep() {} },
  });
}

describe('a recording', () => {
  it('from the load on gives the same world, over a swap', { timeout: 60_000 }, async () => {
    const test = start();
    test.run(100);
    test.swap(better);
    test.run(100);
    const recording = await test.recorder.recording('test/yard', 200);
    if (!recording) throw new Error('nothing was recorded');
    expect(recording.base.kind).toBe('load');
    expect(again(recording, 200)).toEqual({
      steps: 200,
      tick: 200,
      differs: null,
      broke: null,
      hash: test.zone.hash(),
    });
  });

  it('keeps two checkpoints, begins with the older and gives the same world', { timeout: 60_000 }, async () => {
    const test = start();
    test.run(checkpointEvery + 50);
    test.swap(better);
    test.run(checkpointEvery);
    await test.two;
    test.run(50);
    const last = 2 * checkpointEvery + 100;
    const recording = await test.recorder.recording('test/yard', last);
    if (!recording) throw new Error('nothing was recorded');
    expect(recording.base).toMatchObject({ kind: 'checkpoint', number: checkpointEvery + 1 });
    expect(again(recording, last)).toMatchObject({ tick: last, differs: null, broke: null, hash: test.zone.hash() });
  });

  it('is bounded: what is too much goes, and nothing is replayed that has a gap', async () => {
    const test = start({ zoneBytes: 20_000, totalBytes: 64_000 });
    test.run(400);
    expect(test.recorder.bytes()).toBeLessThanOrEqual(20_000);
    expect(await test.recorder.recording('test/yard', 400)).toBe(null);
    const lossy = start();
    lossy.run(10);
    lossy.recorder.line(1, JSON.stringify({ zone: 'test/yard', tick: 99, record: [3, 500, { op: 'unblamed' }] }));
    expect(await lossy.recorder.recording('test/yard', 10)).toBe(null);
  });
});
