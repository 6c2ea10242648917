/**
 * Tells which plugin held the process: while its code does not return, nothing else here runs, and no other error says
 * why everybody waits. A thread sees that the process is held and asks its debugger where it is.
 */
import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Log, Off } from '../contract/ports.ts';

export type HoldOptions = {
  readonly log: Log;
  /** Absolute folders of plugins. */
  readonly plugins: readonly string[];
};

/** One function of the stack at that moment, the innermost first. */
export type Frame = { readonly url: string; readonly line: number; readonly column: number; readonly name: string };

/** What the thread is given. */
export type HoldWork = { readonly beats: Int32Array; readonly beatMs: number; readonly plugins: readonly string[] };
/** What it tells, when the process is free again. */
export type Held = { readonly frames: readonly Frame[]; readonly heldMs: number };

/** Who held it: `chat.say` at `plugins/chat/say.ts:12:5`. */
export type Holder = {
  readonly plugin: string;
  readonly method: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
};

/** Milliseconds between two signs that the process is free. */
const beatMs = 100;

/** One per process. @returns its undo */
export function watchHolds({ log, plugins: given }: HoldOptions): Off {
  // As the addresses of modules have them.
  const plugins = given.map((folder) => realpathSync(folder));
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const beating = setInterval(() => Atomics.add(beats, 0, 1), beatMs);
  beating.unref();
  const thread = new Worker(new URL('./hold-thread.ts', import.meta.url), {
    workerData: { beats, beatMs, plugins } satisfies HoldWork,
  });
  thread.on('message', ({ frames, heldMs }: Held) => {
    const holder = findHolder(frames, plugins);
    if (holder !== null) log.warn({ ...holder, heldMs }, 'a plugin held the node');
    else log.debug({ heldMs, at: frames[0]?.url ?? '', name: frames[0]?.name ?? '' }, 'the node was held');
  });
  thread.on('error', (error) => log.error({ error }, 'nobody looks any more whether plugins hold the node'));
  thread.unref();
  return () => {
    clearInterval(beating);
    void thread.terminate();
  };
}

/** The innermost function of a plugin. Methods are files; of a helper or `plugin.ts` only the plugin is known. */
export function findHolder(frames: readonly Frame[], plugins: readonly string[]): Holder | null {
  for (const { url, line, column } of frames) {
    if (!url.startsWith('file:')) continue;
    const path = fileURLToPath(url.replace(/[?#].*$/, ''));
    for (const folder of plugins) {
      const inside = relative(folder, path);
      if (inside.startsWith('..') || inside === '' || inside.split(sep).includes('node_modules')) continue;
      const parts = inside.replace(/\.[tj]s$/, '').split(sep);
      const isMethod = parts.length <= 2 && !parts.some((part) => part.startsWith('_')) && parts[1] !== 'plugin';
      return { plugin: parts[0] ?? '', method: isMethod ? parts.join('.') : '', file: path, line, column };
    }
  }
  return null;
}
