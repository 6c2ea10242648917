/** CPU time of a process and everything below it, from /proc. Linux only. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Of one process: who started it, and user and system time of its own and of children that have ended, in clock ticks. */
type Stat = { readonly parent: number; readonly own: number; readonly system: number; readonly ended: number };

/** Milliseconds of CPU since the start. */
export type CpuReading = {
  /** Of all processes. */
  readonly ms: number;
  /** Of the first process alone, without those below it. */
  readonly firstMs: number;
  /** In the kernel, of all processes that live. */
  readonly systemMs: number;
};

/** Undefined when the process is gone. */
function readStat(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
  // The name in brackets may hold anything. Behind it: state, parent, …; utime, stime, cutime, cstime are 14 to 17.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (field: number): number => Number(fields[field - 3]);
  return { parent: number(4), own: number(14) + number(15), system: number(15), ended: number(16) + number(17) };
}

/** The process and all its descendants that live. */
export function treeOf(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? readStat(pid) : undefined;
    if (stat !== undefined) children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/**
 * CPU that a server has used so far: of its process and every one below it, also of those that ended and were waited for.
 * @throws when the process is gone.
 */
export function readCpu(root: number): CpuReading {
  const first = readStat(root);
  if (first === undefined) throw new Error(`process ${root} is gone`);
  let { own, system, ended } = first;
  for (const pid of treeOf(root).slice(1)) {
    const stat = readStat(pid);
    own += stat?.own ?? 0;
    system += stat?.system ?? 0;
    ended += stat?.ended ?? 0;
  }
  const msPerTick = 1000 / ticksPerSecond();
  return { ms: (own + ended) * msPerTick, firstMs: first.own * msPerTick, systemMs: system * msPerTick };
}

/** CPU of one process alone, in milliseconds; 0 when it is gone. */
export function readOwnCpu(pid: number): number {
  return ((readStat(pid)?.own ?? 0) * 1000) / ticksPerSecond();
}

/** Resident memory of a process and everything below it, in MB. */
export function readMemoryMb(root: number): number {
  let kb = 0;
  for (const pid of treeOf(root)) {
    try {
      kb += Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== 'ENOENT' && code !== 'ESRCH') throw error;
    }
  }
  return kb / 1024;
}

const clock = { ticksPerSecond: 0 };

function ticksPerSecond(): number {
  if (clock.ticksPerSecond === 0)
    clock.ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return clock.ticksPerSecond;
}
