#!/usr/bin/env node
/**
 * The launcher: runs core/main.ts under the Node that Roost is pinned to. Plain JavaScript, because the Node that starts
 * it may be too old to run TypeScript.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findPinnedNode } from './pinned.js';

const pinned = findPinnedNode();
if ('problem' in pinned) {
  console.error(pinned.problem);
  process.exit(1);
}

const args = [
  // SIGUSR1 would open a debugger port to whoever may send signals.
  '--disable-sigusr1',
  // Garbage of frames and views is young: with 8 MB collecting it is an eighth of the time, with 32 it keeps 100 MB of it.
  '--max-semi-space-size=16',
  '--import',
  new URL('hooks.js', import.meta.url).href,
  fileURLToPath(new URL('../core/main.ts', import.meta.url)),
  ...process.argv.slice(2),
];

/**
 * How glibc keeps what is freed. Of each thread that asks for memory it makes an arena, and what is free in one is of no use in
 * another: two of them are enough. And once something large was freed it no longer gives large pieces back, unless it is
 * told from which size on (bytes): otherwise a node grows by some MB with each burst.
 */
const memory = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '262144', MALLOC_TRIM_THRESHOLD_: '1048576' };
const env = { ...memory, ...process.env };

// The same process from here on where Node can do that: nobody in between to pass on signals or to be left alone.
if (process.execve && process.platform !== 'win32') {
  // npm puts a shell in between, and a signal to npm ends that without a word: the node stops when it is gone.
  if (env.npm_lifecycle_event !== undefined) env.ROOST_LAUNCHER_PID = String(process.ppid);
  process.execve(pinned.path, [pinned.path, ...args], env);
}

const child = spawn(pinned.path, args, {
  stdio: 'inherit',
  env: { ...env, ROOST_LAUNCHER_PID: String(process.pid) },
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => {
  console.error(`Cannot run ${pinned.path}: ${error.message}`);
  process.exit(1);
});
child.once('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
