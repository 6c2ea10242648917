/**
 * The thread that watches a worker's only other one: an entry into an isolate that never returns, memory without end,
 * a parent that is gone. It ends the process by SIGKILL, for nothing gentler reaches a hanging engine, and says why first.
 */
import { workerData } from 'node:worker_threads';
import { handlerWord, sharedMs, tellBlame, word } from './blame.ts';
import { createGrowth } from './growth.ts';

export type WatchdogOptions = {
  readonly words: Int32Array;
  /** Which handler runs. */
  readonly handlers: Int32Array;
  /** Milliseconds between two looks while something runs. */
  readonly watchdogMs: number;
  readonly memoryMb: number;
  /** Process id of the node. */
  readonly parent: number;
};

/** Milliseconds between two looks while nothing runs: only memory and the parent may have changed. */
const idleMs = 1_000;
/** Milliseconds between two signs of life while the other thread cannot give one. */
const signMs = 200;
const megabyte = 1_048_576;

const options = workerData as WatchdogOptions;
const { words, handlers } = options;
/** Something to wait on for a time: nobody ever notifies it. */
const pause = new Int32Array(new SharedArrayBuffer(4));
const growth = createGrowth();
/** Part of the memory cap: an entry that grew by more had the last word for a reason. */
const convictingPart = 0.25;
let lastSign = 0;

for (;;) {
  // Memory first: what is read after an entry began may hold much of what it grew by.
  const rss = process.memoryUsage.rss();
  const started = Atomics.load(words, word.started);
  const ms = started === 0 ? 0 : Math.max(0, sharedMs() - started);
  look(ms, started, rss);
  if (started === 0) {
    Atomics.store(words, word.idle, 1);
    // An entry that began meanwhile has put the word back or is seen at the next look.
    if (Atomics.load(words, word.started) === 0) Atomics.wait(words, word.idle, 1, idleMs);
  }
  Atomics.wait(pause, 0, 0, options.watchdogMs);
}

function look(ms: number, started: number, rss: number): void {
  growth.look(rss, words[word.zone] as number, started);
  noteHandler();
  if (process.ppid !== options.parent) end('orphan', ms, rss);
  if (ms > (words[word.limit] as number) * 2) end('hangs', ms, rss);
  if (rss > options.memoryMb * megabyte) end('memory', ms, rss);
  if (ms > signMs && ms - lastSign > signMs) {
    lastSign = ms;
    tellBlame({ alive: ms });
  }
  if (ms < lastSign) lastSign = 0;
}

/** Since when the handler that runs does, to the time between two looks: the other thread asks after a stop. */
function noteHandler(): void {
  const turns = handlers[handlerWord.turns] as number;
  if (turns === words[word.turns]) return;
  Atomics.store(words, word.since, sharedMs());
  Atomics.store(words, word.turns, turns);
}

function end(reason: 'orphan' | 'hangs' | 'memory', ms: number, rss: number): void {
  const [slot, handler] = [handlers[handlerWord.slot], handlers[handlerWord.handler]];
  const isEntry = ms > 0 && growth.ofEntry(rss) > options.memoryMb * megabyte * convictingPart;
  // Memory that others filled before is not the doing of whoever happens to run.
  if (reason === 'memory' && !isEntry) tellBlame({ reason, zone: growth.largest() || words[word.zone], rss, ms });
  else tellBlame({ reason, zone: words[word.zone], slot, handler, rss, ms, line: handlers[handlerWord.line] });
  process.kill(process.pid, 'SIGKILL');
}
