/**
 * The process of a replay: a worker that runs one recording (replay.ts) as fast as it can. Like a worker it has pipes and
 * nothing else, a watchdog, and a line of blame before whatever may end it. fd 3 brings the recording, fd 4 takes what
 * became of it, fd 5 takes lines: of steps, of handlers and of statements.
 */
import { Worker } from 'node:worker_threads';
import type { Program } from '../contract/content.ts';
import type { Place, ReplayAnswer, ReplayJob } from '../contract/replay.ts';
import { readFd, writeFd } from '../link/fd.ts';
import { openPipe } from '../link/pipe.ts';
import { createSandbox } from '../script/sandbox.ts';
import { traceProgram } from '../script/trace.ts';
import { blameFd, createBlame, handlerWord, shareWords, tellBlame, word } from './blame.ts';
import { patience, replay } from './replay.ts';
import type { WatchdogOptions } from './watchdog.ts';
import type { Zone } from './zone.ts';

/** What stands on its command line, as a worker's does. */
type Options = {
  readonly memoryMb: number;
  readonly isolateMb: number;
  readonly tickLimitMs: number;
  readonly watchdogMs: number;
  readonly frameMb: number;
  readonly parent: number;
  readonly objectsPerZone: number;
};

const megabyte = 1_048_576;
const loadFactor = 5;

const options = JSON.parse(process.argv[2] ?? '') as Options;
const words = shareWords(word);
const handlers = shareWords(handlerWord);
writeFd(blameFd).unref();

const watchdog = new Worker(new URL('./watchdog.ts', import.meta.url), {
  workerData: {
    ...{ words, handlers, watchdogMs: options.watchdogMs, memoryMb: options.memoryMb, parent: options.parent },
  } satisfies WatchdogOptions,
});
watchdog.on('error', (error) => {
  throw error;
});

const pipe = openPipe({
  input: readFd(3),
  output: writeFd(4),
  maxFrameBytes: options.frameMb * megabyte,
  maxQueuedBytes: options.frameMb * megabyte,
  onMessage: (job) => setImmediate(run, job as ReplayJob),
  // When its parent is gone the watchdog ends it; when it has answered, its parent does.
  onEnd: () => {},
});

watchdog.once('online', () => {
  const { permission } = process as { permission?: { drop?: (scope: string) => void } };
  for (const scope of ['worker', 'addon', 'fs.read']) permission?.drop?.(scope);
});

function answer(message: ReplayAnswer): void {
  pipe.send(message);
}

function run(job: ReplayJob): void {
  try {
    const { recording, instead } = job.trace ? trace(job) : job;
    let isLast = false;
    const blame = createBlame(words, handlers).zone(recording.zone, 1);
    const replayed = replay({
      ...{ recording, instead, report: job.report },
      ...{ tickLimitMs: options.tickLimitMs, mostObjects: options.objectsPerZone, createSandbox },
      sandbox: {
        memoryMb: options.isolateMb,
        tickLimitMs: options.tickLimitMs * patience,
        loadLimitMs: options.tickLimitMs * loadFactor * patience,
        blame: handlers,
        onHandler: (slot, handler) => isLast && tellBlame({ slot, handler }),
      },
      clock: { now: () => 0, monotonicMs: () => performance.now() },
      blame,
      onStep(zone, tick, last) {
        isLast = last || instead.length > 0;
        if (isLast) answer(momentOf(zone, tick));
        tellBlame({ zone: recording.zone, number: 1, tick, step: true });
      },
    });
    answer({ type: 'done', replayed, line: job.trace ? (handlers[handlerWord.line] ?? null) : null });
  } catch (error) {
    answer({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

function momentOf({ handlers, objects }: Zone, tick: number): ReplayAnswer {
  return { type: 'moment', tick, handlers, objects: objects.all().map(({ slot, id, kind }) => [slot, id, kind]) };
}

/** The same job with programs that say where they are. */
function trace(job: ReplayJob): ReplayJob {
  const places: Place[] = [];
  const traced = (program: Program) => {
    const made = traceProgram(program, places.length);
    places.push(...made.places);
    return made.program;
  };
  const programs = job.recording.programs.map(traced);
  const instead = job.instead.map(traced);
  answer({ type: 'places', places });
  return { ...job, recording: { ...job.recording, programs }, instead };
}
