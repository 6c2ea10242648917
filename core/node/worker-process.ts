/** How a worker process is started: its flags, what it may read, its pipes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ScriptLimits } from '../contract/link.ts';

/** Folder of this installation, with its separator at the end. */
const home = fileURLToPath(new URL('../..', import.meta.url));
const zoneWorker = fileURLToPath(new URL('../zone/worker.ts', import.meta.url));
const hooks = fileURLToPath(new URL('../../bin/hooks.js', import.meta.url));

/** What the worker is told on its command line; everything else comes through the pipe. */
export type WorkerSettings = {
  /** Resident memory in MB above which its watchdog ends it. */
  readonly memoryMb: number;
  /** Heap of one zone's isolate in MB. */
  readonly isolateMb: number;
  readonly tickLimitMs: number;
  /** Between two looks of the watchdog. */
  readonly watchdogMs: number;
  readonly flushMs: number;
  readonly frameMb: number;
  readonly objectsPerZone: number;
  /** Budgets and times of scripts, where they are not as usual. */
  readonly limits?: Partial<ScriptLimits>;
};

export type WorkerProcess = {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Frames to the worker. */
  readonly input: Writable;
  /** Frames from the worker. */
  readonly output: Readable;
  /** Blame lines. */
  readonly blame: Readable;
  readonly stdout: Readable;
  readonly stderr: Readable;
};

/** How the launcher has glibc keep what is freed (`bin/roost.js`). */
const memory = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('MALLOC_')));

/**
 * @param uid    User to run under; 0 keeps the node's own.
 * @param entry  The worker's program; tests have one that lies.
 */
export function startWorkerProcess(settings: WorkerSettings, uid: number, entry: string = zoneWorker): WorkerProcess {
  const options = JSON.stringify({ ...settings, parent: process.pid });
  const child = spawn(process.execPath, [...workerFlags(entry), entry, options], {
    // Never Node's own channel: one line on it that is not JSON ends the parent.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    // A group of its own: what a terminal sends to the node's (Ctrl-C) must not end workers before they are drained.
    detached: true,
    env: { TZ: 'UTC', ...memory },
    cwd: home,
    ...(uid === 0 ? {} : { uid }),
  });
  const [, stdout, stderr, input, output, blame] = child.stdio as unknown as [
    null,
    Readable,
    Readable,
    Writable,
    Readable,
    Readable,
  ];
  return { child, pid: child.pid ?? 0, input, output, blame, stdout, stderr };
}

/**
 * isolated-vm needs `--no-node-snapshot`; `node:sqlite` ignores the permission model. A worker reads its modules and
 * nothing else: `data/` may lie in the same folder.
 */
function workerFlags(entry: string): readonly string[] {
  const readable = ['core', 'bin', 'node_modules']
    .map((name) => join(home, name) + sep)
    .filter((path) => existsSync(path));
  if (entry !== zoneWorker) readable.push(entry);
  const around = home.lastIndexOf(`${sep}node_modules${sep}`);
  if (around !== -1) readable.push(join(home.slice(0, around), 'node_modules') + sep);
  // isolated-vm's loader looks there for the C library in use.
  readable.push(join(home, 'package.json'), '/etc/alpine-release');
  return [
    '--no-node-snapshot',
    '--no-experimental-sqlite',
    '--disable-sigusr1',
    // Each zone has a heap of its own: helpers for the small collections of all of them take CPU from the node, and no pause
    // is shorter for them. A zone that is loaded calls what it loads by once for each object: that is not yet worth compiling.
    '--no-parallel-scavenge',
    '--invocation-count-for-maglev=1600',
    '--permission',
    // That add-ons and threads weaken it is known: both are dropped before the first script.
    '--disable-warning=SecurityWarning',
    // The runtime of the sandbox is stripped by Node's own means (core/script/bundle.ts).
    '--disable-warning=ExperimentalWarning',
    '--allow-addons',
    '--allow-worker',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    // Node strips types by itself, but not below node_modules.
    ...(around === -1 ? [] : ['--import', hooks]),
  ];
}

/** When the process was started, in the system's ticks since boot: with the pid it names one process for ever. Null when it is gone. */
export function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything; field 22 is the 20th behind it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}
