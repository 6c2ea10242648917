/**
 * Has designers' files read and compiled in a process of their own. The compiler can be made to trap or hang by a
 * hundred bytes: whatever comes of a job but a result or a located fault, its process is ended and the next job gets a
 * fresh one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Fault, Game, Program, ZoneMap } from '../contract/content.ts';
import { openPipe, type Pipe } from '../link/pipe.ts';
import { type FromCompiler, fileOf, type Job, type JobResult } from './jobs.ts';
import { createKnown, type FileJob } from './known.ts';
import type { ScriptFile } from './world.ts';

export type CompilerOptions = {
  /** Absolute folders whose `scripts/` and `games/` it may read. */
  readonly roots: readonly string[];
  /** A job that takes longer is given up. */
  readonly deadlineMs?: number;
  /** Resident memory above which the process is ended. */
  readonly memoryMb?: number;
  /** A process without work ends after so long. */
  readonly idleMs?: number;
};

type Outcome<T> = T | { readonly kind: 'faults'; readonly faults: readonly Fault[] };

export interface Compiler {
  script(file: ScriptFile): Promise<Outcome<{ readonly kind: 'program'; readonly program: Program }>>;
  /** @param folder  Of its game inside the root: `games/farmyard`. @param path  Inside the root. */
  map(root: string, folder: string, path: string): Promise<Outcome<{ readonly kind: 'map'; readonly map: ZoneMap }>>;
  game(root: string, folder: string): Promise<Outcome<{ readonly kind: 'game'; readonly game: Game }>>;
  /** The source of a page's file without its types. @throws Error that names file and line */
  page(source: string, path: string): Promise<string>;
  /** Ends the process; jobs in hand end with a fault. */
  close(): void;
}

const startMs = 20_000;
const mostWaiting = 10_000;
const lookMs = 50;
/** Of a page's file. */
const pageLength = 262_144;

const home = fileURLToPath(new URL('../..', import.meta.url));
const entry = fileURLToPath(new URL('./compiler-process.ts', import.meta.url));
const hooks = fileURLToPath(new URL('../../bin/hooks.js', import.meta.url));

type Waiting = { readonly job: Job; readonly done: (result: JobResult, read: readonly string[]) => void };

/** One process and the job it has in hand. */
type Running = {
  readonly child: ChildProcess;
  readonly pipe: Pipe;
  ready: boolean;
  job: (Waiting & { readonly id: number }) | null;
  timers: readonly NodeJS.Timeout[];
};

export function createCompiler(options: CompilerOptions): Compiler {
  const { deadlineMs = 2_000, memoryMb = 256, idleMs = 30_000 } = options;
  const waiting: Waiting[] = [];
  const known = createKnown();
  let running: Running | null = null;
  let lastId = 0;
  let open = true;

  /** Of files that are as they were, what came of them then. */
  async function runKnown(job: FileJob): Promise<JobResult> {
    const found = known.find(job);
    if (found) return found;
    const startedMs = Date.now();
    return await run(job, (result, read) => known.keep(job, result, read, startedMs));
  }

  function run(job: Job, keep: Waiting['done'] = () => {}): Promise<JobResult> {
    return new Promise((resolve) => {
      const done: Waiting['done'] = (result, read) => {
        keep(result, read);
        resolve(result);
      };
      if (!open) done(fail(job, 'the compiler is closed'), []);
      else if (waiting.length >= mostWaiting) done(fail(job, `more than ${mostWaiting} files wait to be read`), []);
      else {
        waiting.push({ job, done });
        next();
      }
    });
  }

  function next(): void {
    if (!open || running?.job || waiting.length === 0) return;
    running ??= start();
    const process = running;
    if (!process.ready) return;
    const first = waiting.shift();
    if (!first) return;
    clear(process);
    process.job = { ...first, id: ++lastId };
    process.timers = [
      setTimeout(() => giveUp(process, `the compiler took longer than ${deadlineMs / 1000} s`), deadlineMs),
      setInterval(() => {
        if (residentMb(process.child.pid) > memoryMb) giveUp(process, `the compiler took more than ${memoryMb} MB`);
      }, lookMs),
    ];
    process.pipe.send({ id: lastId, job: first.job });
  }

  function start(): Running {
    const child = spawnCompiler(options.roots, memoryMb);
    const [, , , input, output] = child.stdio as unknown as [null, null, null, Writable, Readable];
    const pipe = openPipe({
      input: output,
      output: input,
      onMessage: (message) => hear(started, message as FromCompiler),
      onEnd: () => giveUp(started, 'the compiler could not read it and had to be ended'),
    });
    const started: Running = { child, pipe, ready: false, job: null, timers: [] };
    child.on('error', (error) => giveUp(started, `the compiler cannot be started: ${error.message}`));
    started.timers = [setTimeout(() => giveUp(started, 'the compiler did not start'), startMs)];
    return started;
  }

  function hear(process: Running, message: FromCompiler): void {
    if (process !== running) return;
    if ('ready' in message) {
      process.ready = true;
      clear(process);
      next();
      return;
    }
    const { job } = process;
    if (!job || message.id !== job.id) return giveUp(process, 'the compiler answered what was not asked');
    const { result } = message;
    if (isDoubtful(job.job, result)) end(process);
    else rest(process);
    job.done(result, message.read);
    next();
  }

  /** Ready for the next job; ends when none comes. */
  function rest(process: Running): void {
    clear(process);
    process.job = null;
    process.timers = [setTimeout(() => end(process), idleMs).unref()];
  }

  /** Ends the process; its job, or else the first that waits for it, gets a fault. */
  function giveUp(process: Running, reason: string): void {
    if (process !== running) return;
    const job = process.job ?? (process.ready ? undefined : waiting.shift());
    end(process);
    job?.done(fail(job.job, reason), []);
    next();
  }

  function end(process: Running): void {
    clear(process);
    if (running === process) running = null;
    process.pipe.close();
    process.child.kill('SIGKILL');
  }

  const toRoot = (folder: string) => realpathSync.native(folder);

  return {
    async script({ root, path, name, role }) {
      const result = await runKnown({ kind: 'script', root: toRoot(root), path, name, role });
      return result.kind === 'program' ? result : faultsOf(result);
    },
    async map(root, folder, path) {
      const result = await runKnown({ kind: 'map', root: toRoot(root), folder, path });
      return result.kind === 'map' ? result : faultsOf(result);
    },
    async game(root, folder) {
      const result = await runKnown({ kind: 'game', root: toRoot(root), folder });
      return result.kind === 'game' ? result : faultsOf(result);
    },
    async page(source, path) {
      if (source.length > pageLength) throw new Error(`${path} is longer than ${pageLength} characters`);
      const result = await run({ kind: 'page', path, source });
      if (result.kind === 'page') return result.code;
      const [fault] = faultsOf(result).faults;
      throw new Error(`${path}:${fault?.line ?? 0}:${fault?.column ?? 0}: ${fault?.message ?? ''}`);
    },
    close() {
      if (!open) return;
      open = false;
      const job = running?.job;
      if (running) end(running);
      for (const { job: left, done } of [...(job ? [job] : []), ...waiting.splice(0)]) {
        done(fail(left, 'the compiler is closed'), []);
      }
    },
  };
}

/** After a trap the stripper fails on everything: a fault of a script that has no place may be one. */
function isDoubtful(job: Job, result: JobResult): boolean {
  return (
    (job.kind === 'script' || job.kind === 'page') &&
    result.kind === 'faults' &&
    result.faults.some(({ line }) => line === 0)
  );
}

function clear(process: Running): void {
  for (const timer of process.timers) clearTimeout(timer);
  process.timers = [];
}

function fail(job: Job, message: string): JobResult {
  return { kind: 'faults', faults: [{ file: fileOf(job), line: 0, column: 0, message }] };
}

function faultsOf(result: JobResult): { readonly kind: 'faults'; readonly faults: readonly Fault[] } {
  if (result.kind === 'faults') return result;
  throw new Error(`the compiler answered with a ${result.kind}`);
}

function spawnCompiler(roots: readonly string[], memoryMb: number): ChildProcess {
  const around = home.lastIndexOf(`${sep}node_modules${sep}`);
  const readable = [
    ...['core', 'bin', 'node_modules', 'package.json'].map((name) => join(home, name)),
    ...(around === -1 ? [] : [join(home.slice(0, around), 'node_modules')]),
    ...roots.flatMap((root) => ['scripts', 'games'].map((name) => join(realpathSync.native(root), name))),
  ].filter((path) => existsSync(path));
  const flags = [
    '--no-experimental-sqlite',
    '--disable-sigusr1',
    '--permission',
    `--max-old-space-size=${memoryMb}`,
    ...readable.map((path) => `--allow-fs-read=${path}`),
    // Node strips types by itself, but not below node_modules.
    ...(around === -1 ? [] : ['--import', hooks]),
  ];
  return spawn(process.execPath, [...flags, entry], {
    // Never Node's own channel: one line on it that is not JSON ends the parent.
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: { TZ: 'UTC' },
    cwd: home,
  });
}

/** Resident memory of a process, 0 where the system does not tell: the heap is bounded in any case. */
function residentMb(pid: number | undefined): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return (pages * 4096) / (1024 * 1024);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return 0;
    throw error;
  }
}
