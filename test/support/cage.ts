/** Runs a script where it may do its worst: in a process of its own, with a worker's sandbox, limits and watchdog. */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { LoadIn, SandboxFault, TickIn } from '../../core/contract/driver.ts';
import type { ScriptReport } from '../../core/contract/link.ts';
import { blameFd } from '../../core/zone/blame.ts';
import { programOf, row, script } from './isolate.ts';

export type CageJob = {
  readonly load: LoadIn;
  readonly tick: TickIn;
  readonly limits: { readonly memoryMb: number; readonly watchdogMs: number; readonly tickLimitMs: number };
};

/** What the process says when it outlives its job. */
export type CageLine = {
  readonly fault: SandboxFault | null;
  readonly reports: readonly ScriptReport[];
  readonly rss: number;
};

/** How it ended. */
export type Caged =
  /** The handler failed, alone. */
  | { readonly kind: 'undone'; readonly message: string; readonly rssMb: number }
  /** Nothing came of it. */
  | { readonly kind: 'harmless'; readonly rssMb: number }
  /** The tick was stopped and the isolate given up. */
  | { readonly kind: 'stopped'; readonly fault: SandboxFault['kind']; readonly rssMb: number }
  /** The process ended: by its watchdog with these last words, or by the engine itself. */
  | { readonly kind: 'ended'; readonly reason: string; readonly handler: string | null; readonly rssMb: number };

/** As a worker has them by default. */
const limits = { memoryMb: 512, watchdogMs: 20, tickLimitMs: 200 } as const;
/** Longest life of the process; only a wall that does not hold needs it. */
const longestMs = 30_000;
const megabyte = 1_048_576;
/** The pipe that blame lines come through. */
const blameOf = (child: { readonly stdio: readonly unknown[] }) => child.stdio[blameFd] as Readable;

/**
 * Runs `code` in the `tick` of one object.
 * @param tickLimitMs  More than a worker's where it must be seen that the limit was not needed, whatever else the machine does.
 */
export async function cage(code: string, tickLimitMs: number = limits.tickLimitMs): Promise<Caged> {
  const job = jobOf(script(`on: { tick(self, { world }) { ${code} } }`), tickLimitMs);
  const child = spawn(
    process.execPath,
    ['--no-node-snapshot', new URL('./cage-child.ts', import.meta.url).pathname, JSON.stringify(job)],
    { stdio: ['ignore', 'pipe', 'ignore', 'ignore', 'ignore', 'pipe'], timeout: longestMs, killSignal: 'SIGKILL' },
  );
  const [out, blame] = await Promise.all([text(child.stdout as Readable), text(blameOf(child))]);
  if (out !== '') return survived(JSON.parse(out) as CageLine);
  const words = blame
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { reason?: string; handler?: number; rss?: number });
  const last = words.findLast((line) => line.reason !== undefined);
  const rssMb = (last?.rss ?? 0) / megabyte;
  return { kind: 'ended', reason: last?.reason ?? 'engine', handler: last?.handler === 0 ? 'tick' : null, rssMb };
}

function survived({ fault, reports, rss }: CageLine): Caged {
  const rssMb = rss / megabyte;
  if (fault) return { kind: 'stopped', fault: fault.kind, rssMb };
  return reports[0] ? { kind: 'undone', message: reports[0].message, rssMb } : { kind: 'harmless', rssMb };
}

function jobOf(source: string, tickLimitMs: number): CageJob {
  const load: LoadIn = {
    zone: 'test/cage',
    width: 100,
    height: 100,
    tickRate: 20,
    hearing: 15,
    character: 'farmer',
    settings: {},
    solids: [],
    areas: [],
    programs: [programOf({ 'scripts/bad.ts': source }, 'scripts/bad.ts')],
    seed: 7,
    reason: 'start',
    state: {},
    keep: {},
    objects: [{ ...row('bad', 1), slot: 0, fresh: true }],
    timers: [],
    ids: [],
    connected: [],
    keepFormer: false,
  };
  const nothing = { moved: [], items: [], slots: [], contacts: [], walks: [], loaded: [], timers: [], refused: [] };
  const quiet = { ids: [], throttles: [], settled: false, measure: { handlers: false, part: 16, of: 16 } };
  const tick = { ...nothing, ...quiet, tick: 1, time: 1_000_000, dt: 0.05 };
  return { load, tick, limits: { ...limits, tickLimitMs } };
}
