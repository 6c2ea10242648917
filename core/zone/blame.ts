/**
 * Who is running: words shared with the watchdog thread, and a line to the node before each entry, because V8 may end
 * the process within milliseconds and take the words with it.
 */
import { writeSync } from 'node:fs';
import type { ZoneId } from '../contract/link.ts';
import type { Blame } from './isolate.ts';

/** Places of the worker's words in their shared Int32Array. */
export const word = {
  /** Monotonic milliseconds at which the running entry began; 0 when none runs. */
  started: 0,
  /** Milliseconds it may take. */
  limit: 1,
  zone: 2,
  /** 1 while the watchdog sleeps until something happens. */
  idle: 3,
  /** What the watchdog saw: the number of the handler that runs (`handlerWord.turns`), and since when (`sharedMs`). */
  turns: 4,
  since: 5,
} as const;

/**
 * Places of the runtime's words in theirs: it writes them before each handler. In a replay also the number of the
 * statement that runs (core/script/trace.ts). `asked`: which of the tick's calls and inputs it serves, from 0. `most…`: of the
 * kind that had used most of the tick when another began to run, the handler that it ran last, and its milliseconds;
 * `others`: milliseconds of all kinds but the one that runs.
 */
export const handlerWord = {
  ...{ slot: 0, handler: 1, turns: 2, line: 3, asked: 4 },
  ...{ mostSlot: 5, mostHandler: 6, mostAsked: 7, mostMs: 8, others: 9 },
} as const;

/** So many words that every thread sees. */
export function shareWords(names: object): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Object.keys(names).length * Int32Array.BYTES_PER_ELEMENT));
}

/** The file descriptor of blame lines. */
export const blameFd = 5;

/** Monotonic milliseconds that mean the same in every thread of the process; never 0, wraps after weeks. */
export function sharedMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return (((seconds % 1_000_000) * 1000 + Math.floor(nanoseconds / 1e6)) | 0) + 1;
}

/** Writes one line to the node. It must never wait: a node that does not read loses lines, not its workers. */
export function tellBlame(line: object): void {
  try {
    writeSync(blameFd, `${JSON.stringify(line)}\n`);
  } catch {
    // Full or gone: the pipe of frames says so in its own way, and the verdict of the watchdog does not depend on it.
  }
}

export function createBlame(words: Int32Array, handlers: Int32Array): { zone(id: ZoneId, number: number): Blame } {
  function wakeWatchdog(): void {
    if (Atomics.exchange(words, word.idle, 0) === 1) Atomics.notify(words, word.idle);
  }

  return {
    zone(id, number) {
      let lastTick = 0;
      let toldTick = 0;
      return {
        recorded(tick, record) {
          toldTick = tick;
          tellBlame({ zone: id, number, tick, record });
        },
        enter(tick, limitMs) {
          lastTick = tick;
          // The line of its step has said so already.
          if (tick !== toldTick) tellBlame({ zone: id, number, tick });
          toldTick = 0;
          words[word.zone] = number;
          handlers[handlerWord.slot] = -1;
          handlers[handlerWord.handler] = -1;
          handlers[handlerWord.turns] = -1;
          handlers[handlerWord.asked] = -1;
          handlers[handlerWord.mostMs] = 0;
          handlers[handlerWord.others] = 0;
          words[word.limit] = limitMs;
          Atomics.store(words, word.started, sharedMs());
          wakeWatchdog();
        },
        leave() {
          Atomics.store(words, word.started, 0);
        },
        handlerMs() {
          const isSeen = Atomics.load(words, word.turns) === handlers[handlerWord.turns];
          return isSeen ? Math.max(0, sharedMs() - Atomics.load(words, word.since)) : 0;
        },
        careful(slot, handler) {
          tellBlame({ zone: id, number, tick: lastTick, slot, handler });
        },
        physics(tick) {
          tellBlame({ zone: id, number, tick, physics: true });
        },
      };
    },
  };
}
