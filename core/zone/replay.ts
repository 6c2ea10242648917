/**
 * Runs a recording again, with the scripts that it has inside or others in their place, and says where it breaks. Runs
 * in a process of its own (replay-process.ts), for what was recorded may take a process along.
 */
import { gunzipSync } from 'node:zlib';
import type { Program } from '../contract/content.ts';
import type { CreateSandbox, Sandbox, SandboxOptions, TickIn } from '../contract/driver.ts';
import type { Recorded, ScriptReport, ToWorker, ZoneContent } from '../contract/link.ts';
import type { Clock } from '../contract/ports.ts';
import type { Recording, Replayed } from '../contract/replay.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Blame } from './isolate.ts';
import { replayOp, sumOf } from './recording.ts';
import type { Ticked } from './step.ts';
import { createZone, type Zone } from './zone.ts';

export type ReplayOptions = {
  readonly recording: Recording;
  /** What went wrong then. */
  readonly report: ScriptReport;
  /** Programs to run in place of those of the same role and name. */
  readonly instead: readonly Program[];
  readonly tickLimitMs: number;
  readonly mostObjects: number;
  readonly createSandbox: CreateSandbox;
  readonly sandbox: SandboxOptions;
  readonly clock: Clock;
  readonly blame: Blame;
  /** A step is about to run; `last` is the one it breaks in, if it does. */
  readonly onStep: (zone: Zone, tick: number, last: boolean) => void;
};

/** Ticks that were not stopped then have so many times as long here: another machine may be slower. */
export const patience = 5;

/** What a load has, and how much of all that was sent a checkpoint has in it. */
type LoadBase = Pick<Extract<ToWorker, { type: 'load' }>, 'saved' | 'ids' | 'reason' | 'seed'>;
type Taken = {
  readonly items: number;
  readonly ids: number;
  readonly contents: number;
  readonly programs: NonNullable<Recorded['programs']>;
};

const stoppedThen = { kind: 'fault', fault: { kind: 'timeout', message: 'it was stopped then' }, cpuMs: 0 } as const;

/** @throws Error when the recording is none, or its zone cannot be loaded */
export function replay(options: ReplayOptions): Replayed {
  const { recording, report } = options;
  const { ops } = recording;
  const find = programsOf(recording, options.instead);
  /** Set while a step runs that was stopped then, and is not the one that matters. */
  let forced = false;
  const sandboxed: CreateSandbox = (about) => forceable(options.createSandbox(about), () => forced);
  const begun = begin(options, sandboxed, find);
  const { zone } = begun;
  let { items, ids } = begun;
  let differs: number | null = null;
  let steps = 0;
  const last = lastStep(ops, report.tick);
  try {
    for (const [i, op] of ops.entries()) {
      if (i < begun.from) continue;
      if (op.op !== 'step' || !op.at) {
        between(zone, op, recording, find);
        continue;
      }
      const [tick, time, itemsTo, idsTo] = op.at;
      if (op.sum !== undefined && differs === null && op.sum !== sumOf(zone)) differs = tick;
      const step = {
        ...{ tick, time, dt: 1 / begun.tickRate() },
        items: recording.items.list.slice(items - recording.items.before, itemsTo - recording.items.before),
        ids: recording.ids.slice(ids, idsTo),
        ...{ throttles: op.throttles ?? [], settled: op.settled ?? false },
      };
      [items, ids] = [itemsTo, idsTo];
      forced = i !== last && wasStopped(ops[i + 1]);
      options.onStep(zone, tick, i === last);
      const startMs = options.clock.monotonicMs();
      const ticked = zone.tick(step);
      const tookMs = options.clock.monotonicMs() - startMs;
      steps++;
      const matters = i === last || options.instead.length > 0;
      const broke = forced ? null : brokeIn(ticked, zone, matters, tookMs, options);
      if (broke) return { steps, tick, differs, hash: zone.hash(), broke };
      if (i === last) break;
    }
    return { steps, tick: zone.now.tick, differs, hash: zone.hash(), broke: null };
  } finally {
    zone.dispose();
  }
}

/** The step it broke in: that of the report, else the last there is. */
function lastStep(ops: readonly Recorded[], tick: number): number {
  const found = ops.findLastIndex(({ at }) => at?.[0] === tick);
  return found === -1 ? ops.findLastIndex(({ op }) => op === 'step') : found;
}

function wasStopped(next: Recorded | undefined): boolean {
  return next?.op === 'rebuild' || next?.op === 'unblamed';
}

/** A stop, a tick that took as long as was too long then, or the throw that mattered. */
function brokeIn(
  { stop, reports }: Ticked,
  zone: Zone,
  matters: boolean,
  tookMs: number,
  { report: then, tickLimitMs }: ReplayOptions,
): ScriptReport | null {
  if (stop) return zone.reportOn(stop);
  if (!matters) return null;
  if (then.what === 'stopped' && tookMs > tickLimitMs)
    return { ...then, tick: zone.now.tick, message: `it took ${Math.round(tookMs)} ms, ${tickLimitMs} are the limit` };
  if (then.what !== 'throw') return null;
  const isSame = ({ what, script, handler }: ScriptReport) =>
    what === 'throw' && script === then.script && handler === then.handler;
  return reports.find(isSame) ?? null;
}

type Begun = {
  readonly zone: Zone;
  readonly items: number;
  readonly ids: number;
  /** Operations before it are in the base already. */
  readonly from: number;
  readonly tickRate: () => number;
};

type Find = (reference: NonNullable<Recorded['programs']>[number]) => readonly Program[];

function begin(options: ReplayOptions, createSandbox: CreateSandbox, find: Find): Begun {
  const { recording } = options;
  const { base, ops, contents } = recording;
  const data = JSON.parse(gunzipSync(Buffer.from(base.data, 'base64')).toString()) as unknown;
  const [first] = ops;
  const open = (content: ZoneContent, programs: readonly Program[], load: LoadBase) =>
    createZone({
      load: {
        ...{ type: 'load', zone: recording.zone, epoch: recording.epoch, former: [], caution: 'none' },
        ...{ programs, content: recording.safe ? withoutPhysics(content) : content, ...load },
      },
      ...{ createSandbox, sandbox: options.sandbox, clock: options.clock, blame: options.blame },
      ...{ send: () => {}, flushMs: 250, mostObjects: options.mostObjects },
    });
  const tickRate = () => contents[0]?.spec.tickRate ?? 20;
  if (base.kind === 'load') {
    const zone = open(contents[0] as ZoneContent, (first?.programs ?? []).flatMap(find), data as LoadBase);
    const failure = zone.start();
    if (failure !== null) throw new Error(`The zone cannot be loaded again: ${failure}`);
    return { zone, items: 0, ids: 0, from: 1, tickRate };
  }
  const { taken, checkpoint } = data as { taken: Taken; checkpoint: Checkpoint };
  const saved = { ...checkpoint, populated: true, objects: [] };
  const content = contents[taken.contents] as ZoneContent;
  const zone = open(content, taken.programs.flatMap(find), {
    saved,
    ids: [],
    reason: 'recover',
    seed: checkpoint.seed,
  });
  const failure = zone.restore(checkpoint);
  if (failure !== null) throw new Error(`The zone cannot be restored: ${failure}`);
  return { zone, items: taken.items, ids: taken.ids, from: 1, tickRate };
}

function withoutPhysics(content: ZoneContent): ZoneContent {
  return { ...content, spec: { ...content.spec, physics: null } };
}

/** What is done to a zone between two steps. */
function between(zone: Zone, op: Recorded, recording: Recording, find: Find): void {
  const programs = (op.programs ?? []).flatMap(find);
  switch (op.op) {
    case 'swap':
      return replayOp(zone, { op: 'swap', programs, proving: op.proving === true });
    case 'rebuild':
      return replayOp(zone, { op: 'rebuild', programs, ...(op.barring ? { barring: op.barring } : {}) });
    case 'content': {
      const content = recording.contents[op.contents ?? 0];
      return content && replayOp(zone, { op: 'content', content });
    }
    case 'unblamed':
    case 'recycle':
      return replayOp(zone, { op: op.op });
    case 'checkpoint':
      zone.checkpoint();
      return;
    case 'begin':
    case 'step':
      return;
  }
}

/** Programs by their builds; those that others take the place of are these. */
function programsOf({ programs }: Recording, instead: readonly Program[]): Find {
  const byBuild = new Map(programs.map((program) => [program.build, program]));
  return (reference) => {
    const [build, why] = typeof reference === 'string' ? [reference] : reference;
    const program = byBuild.get(build);
    if (!program) return [];
    const other = instead.find(({ role, name }) => role === program.role && name === program.name) ?? program;
    return [why === undefined ? other : { ...other, resting: why }];
  };
}

/** A sandbox whose ticks are stopped when they were stopped then. */
function forceable(sandbox: Sandbox, isForced: () => boolean): Sandbox {
  return {
    ...sandbox,
    tick(input: TickIn) {
      if (!isForced()) return sandbox.tick(input);
      sandbox.dispose();
      return stoppedThen;
    },
  };
}
