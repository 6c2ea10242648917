import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Context, Row } from '../row.ts';
import { readCpu, readMemoryMb } from '../support/cpu.ts';
import { pasture } from '../support/pasture.ts';
import { type RoostServer, startRoost } from '../support/roost.ts';
import { openVisitor, type Visitor } from '../support/visitor.ts';

const plugins = fileURLToPath(new URL('../plugins', import.meta.url));
const many = 1_001;
/** Animals of a zone; each has a timer that is due in an hour or two. */
const objects = 10;
/** While they are made they are out of memory again after a moment instead of after minutes. */
const quickSleep = [
  '--plugins',
  plugins,
  '--sleep-after-ms',
  '100',
  '--unload-after-ms',
  '100',
  '--lobby-ms',
  '3600000',
];
/** Zones that are started at a time. */
const atOnce = 2;
/** After the start, until nothing of it goes on. */
const quietMs = 4_000;

export const row: Row = {
  name: 'asleep',
  what: 'a node whose database has 1,000 more unloaded zones than another: resident memory and CPU of all its processes',
  against: 'the same node with one such zone',
  figures: {
    memory: { unit: 'KB per zone', target: { of: 'ours', atMost: 20 } },
    cpu: { unit: 'ms CPU per second for all 1,000', target: { of: 'ours', atMost: 2 } },
    resident: { unit: 'MB in all processes' },
    'after their lives': { unit: 'KB per zone, once each has run and gone' },
  },
  async run(context) {
    const measureMs = context.quick ? 3_000 : 6_000;
    const [few, full] = [await makeWorld(context, 1), await makeWorld(context, many)];
    const rest: Record<'few' | 'full', Rest[]> = { few: [], full: [] };
    for (let round = 0; round < context.rounds; round++) {
      rest.few.push(await measure(context, few, 1, measureMs));
      rest.full.push(await measure(context, full, many, measureMs));
    }
    const each = (key: keyof Rest, factor: number) =>
      rest.full.map((one, i) => ((one[key] - (rest.few[i] as Rest)[key]) * factor) / (many - 1));
    return {
      figures: {
        memory: { ours: each('memoryMb', 1024) },
        cpu: { ours: each('cpuMs', many - 1) },
        resident: { ours: rest.full.map(({ memoryMb }) => memoryMb), theirs: rest.few.map(({ memoryMb }) => memoryMb) },
        'after their lives': { ours: [((full.memoryMb - few.memoryMb) * 1024) / (many - 1)] },
      },
      notes: [`Every zone was started once, filled with ${objects} objects and ${objects} timers, and unloaded.`],
    };
  },
};

type Rest = { readonly memoryMb: number; readonly cpuMs: number };
/** A data folder with zones that exist, and what the node that made them held in the end. */
type World = { readonly data: string; readonly memoryMb: number };

async function start(context: Context, zones: number, data?: string): Promise<RoostServer> {
  const flags = data === undefined ? quickSleep : [...quickSleep, '--data', data];
  return await startRoost(context, { files: pasture({ zones, sheep: objects }), game: 'bench', flags });
}

/** Starts every zone once and waits until all are gone. */
async function makeWorld(context: Context, zones: number): Promise<World> {
  const roost = await start(context, zones);
  const visitor = await openVisitor(roost.url);
  const names = Array.from({ length: zones }, (_, i) => `bench/pasture-${i}`);
  let next = 0;
  const open = async () => {
    while (next < names.length) {
      const some = names.slice(next, next + 10);
      next += some.length;
      await visitor.call('bench.open', { zones: some });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, open));
  await untilUnloaded(visitor);
  visitor.close();
  await sleep(quietMs);
  const memoryMb = readMemoryMb(roost.pid);
  await roost.stop();
  return { data: roost.data, memoryMb };
}

async function untilUnloaded(visitor: Visitor): Promise<void> {
  const loaded = async () => Object.values(await visitor.call<Record<string, string>>('bench.zones', {}));
  while ((await loaded()).some((state) => state !== 'closed')) await sleep(100);
}

/** A new life on that data, where nobody is. */
async function measure(context: Context, { data }: World, zones: number, forMs: number): Promise<Rest> {
  const roost = await start(context, zones, data);
  await sleep(quietMs);
  const before = readCpu(roost.pid).ms;
  const startMs = performance.now();
  await sleep(forMs);
  const seconds = (performance.now() - startMs) / 1_000;
  const cpuMs = (readCpu(roost.pid).ms - before) / seconds;
  const memoryMb = readMemoryMb(roost.pid);
  await roost.stop();
  return { memoryMb, cpuMs };
}
