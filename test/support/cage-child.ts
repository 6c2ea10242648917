/**
 * A process for scripts that may take it down: the real sandbox, the real watchdog, nothing else of a worker.
 * It is given a job on the command line, writes one line to stdout when it outlives it, and blame lines to fd 5.
 */
import { Worker } from 'node:worker_threads';
import { createSandbox } from '../../core/script/sandbox.ts';
import { createBlame, handlerWord, shareWords, word } from '../../core/zone/blame.ts';
import type { CageJob, CageLine } from './cage.ts';

const job = JSON.parse(process.argv[2] ?? '') as CageJob;
const words = shareWords(word);
const handlers = shareWords(handlerWord);
const { memoryMb, watchdogMs, tickLimitMs } = job.limits;
const watchdog = new Worker(new URL('../../core/zone/watchdog.ts', import.meta.url), {
  workerData: { words, handlers, watchdogMs, memoryMb, parent: process.ppid },
});
const blame = createBlame(words, handlers).zone('test/cage', 1);
const sandbox = createSandbox({ memoryMb: 64, tickLimitMs, loadLimitMs: tickLimitMs * 5, blame: handlers });

function entered<T>(tick: number, limitMs: number, run: () => T): T {
  blame.enter(tick, limitMs);
  try {
    return run();
  } finally {
    blame.leave();
  }
}

function say(line: CageLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(0));
}

watchdog.once('online', () => {
  const loaded = entered(0, tickLimitMs * 5, () => sandbox.load(job.load));
  const { reports } = loaded.kind === 'ok' ? loaded.out : { reports: [] };
  const out = loaded.kind === 'ok' ? entered(1, tickLimitMs, () => sandbox.tick(job.tick)) : loaded;
  const rss = process.memoryUsage.rss();
  if (out.kind === 'fault') say({ fault: out.fault, reports, rss });
  else say({ fault: null, reports: [...reports, ...out.out.reports], rss });
});
