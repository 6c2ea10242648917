/**
 * Runs an incident again, in a process like a worker's: what was recorded may hang, or eat all memory. When it breaks
 * where the engine says no line, it is run once more with programs that say where they are.
 */

import { fileURLToPath } from 'node:url';
import type { Program } from '../contract/content.ts';
import type { ScriptReport } from '../contract/link.ts';
import type { Incident, Place, ReplayAnswer, Replayed, ReplayJob } from '../contract/replay.ts';
import { openPipe } from '../link/pipe.ts';
import { readLines } from '../node/lines.ts';
import { startWorkerProcess } from '../node/worker-process.ts';

/** What became of a replay. */
export type Outcome = {
  /** The tick it came to. */
  readonly tick: number;
  readonly steps: number;
  /** What broke and where; null: it ran through. */
  readonly broke: ScriptReport | null;
  /** It took its process along. */
  readonly died: boolean;
  /** The first tick before which the world was another than then; null: none, or nobody knows. */
  readonly differs: number | null;
  /** Of the world at the end; null when the process died. */
  readonly hash: string | null;
};

const entry = fileURLToPath(new URL('../zone/replay-process.ts', import.meta.url));
const megabyte = 1_048_576;
const frameMb = 256;
/** Between two looks of the watchdog, and for the whole (milliseconds). */
const watchdogMs = 5;
const longestMs = 10 * 60_000;

/** What a process left behind. */
type Left = {
  readonly done: Extract<ReplayAnswer, { type: 'done' }> | null;
  readonly failed: string | null;
  readonly moment: Extract<ReplayAnswer, { type: 'moment' }> | null;
  readonly places: readonly Place[];
  readonly words: readonly Words[];
  readonly steps: number;
  readonly why: string;
};
type Words = { readonly [word: string]: unknown };

/**
 * @param instead  Programs to run in place of those of the same role and name.
 * @throws Error when it cannot be run at all
 */
export async function runIncident(incident: Incident, instead: readonly Program[] = []): Promise<Outcome> {
  const { recording } = incident;
  const report = reportOf(incident);
  const first = await runOnce(incident, { recording, report, instead, trace: false });
  const outcome = toOutcome(first, incident);
  // A throw has its line; a stop and a death have none.
  if (!outcome.broke || outcome.broke.what === 'throw') return outcome;
  const traced = await runOnce(incident, { recording, report, instead, trace: true });
  const place = placeOf(traced);
  return place === null ? outcome : { ...outcome, broke: { ...outcome.broke, ...place } };
}

/** Of a death nobody was told its tick: it was in the last step there is. */
function reportOf({ what, report, recording }: Incident): ScriptReport {
  const last = recording.ops.findLast(({ at }) => at !== undefined);
  return what === 'kill' && last?.at ? { ...report, tick: last.at[0] } : report;
}

function toOutcome(left: Left, { report }: Incident): Outcome {
  if (left.failed !== null) throw new Error(left.failed);
  if (left.done) {
    const replayed: Replayed = left.done.replayed;
    return { ...replayed, died: false };
  }
  const { moment, words, why } = left;
  const last = words.findLast(({ handler }) => typeof handler === 'number' && handler >= 0);
  const by = moment?.handlers[last?.handler as number];
  const object = moment?.objects.find(([slot]) => slot === last?.slot);
  const tick = Number(words.findLast(({ tick }) => typeof tick === 'number')?.tick ?? report.tick);
  const reason = words.findLast((word) => word.reason !== undefined)?.reason;
  const broke: ScriptReport = {
    ...{ ...report, tick, what: 'stopped', count: 1 },
    ...{ object: object?.[1] ?? null, kind: object?.[2] ?? null },
    ...(by ? { script: by.script, build: by.build, handler: by.handler } : {}),
    ...{ line: 0, column: 0, message: reasons[reason as keyof typeof reasons] ?? `its process ended (${why})` },
  };
  return { tick, steps: left.steps, broke, died: true, differs: null, hash: null };
}

const reasons = { hangs: 'it did not come back', memory: 'it took more memory than a worker may' } as const;

/** The statement that ran last: as the shared word said it in the end, else the last that was told for the first time. */
function placeOf({ done, places, words }: Left): Place | null {
  if (done) return places[done.line ?? -1] ?? null;
  const end = words.findLast(({ line }) => typeof line === 'number')?.line;
  const told = words.findLast(({ slot }) => slot === lineSlot)?.handler;
  return places[Number(end ?? told ?? -1)] ?? null;
}

/** In place of an object's slot: a statement is told (core/script/inside/costs.ts). */
const lineSlot = -3;

async function runOnce({ limits }: Incident, job: ReplayJob): Promise<Left> {
  const { memoryMb, isolateMb, tickLimitMs, objectsPerZone } = limits;
  const settings = { memoryMb, isolateMb, tickLimitMs, objectsPerZone, watchdogMs, frameMb, flushMs: 250 };
  const { child, input, output, blame, stderr } = startWorkerProcess(settings, 0, entry);
  const words: Words[] = [];
  const says: string[] = [];
  let left: Omit<Left, 'words' | 'why' | 'steps'> = { done: null, failed: null, moment: null, places: [] };
  let steps = 0;
  readLines(blame, (line) => {
    const word = readWord(line);
    if (word.step === true) steps++;
    words.push(word);
    if (words.length > mostWords) words.shift();
  });
  readLines(stderr, (line) => says.push(line) > mostSaid && says.shift());
  const pipe = openPipe({
    ...{ input: output, output: input, maxFrameBytes: frameMb * megabyte, maxQueuedBytes: frameMb * megabyte },
    onMessage(value) {
      const answer = value as ReplayAnswer;
      if (answer.type === 'places') left = { ...left, places: answer.places };
      if (answer.type === 'moment') left = { ...left, moment: answer };
      if (answer.type === 'failed') left = { ...left, failed: answer.message };
      if (answer.type === 'done') left = { ...left, done: answer };
      if (answer.type === 'done' || answer.type === 'failed') child.kill('SIGKILL');
    },
    onEnd: () => {},
  });
  const ended = Promise.withResolvers<string>();
  child.once('error', (error) => ended.resolve(error.message));
  child.once('close', (code, signal) => ended.resolve(signal ?? `code ${code}: ${says.join(' ').slice(0, 500)}`));
  const timer = setTimeout(() => child.kill('SIGKILL'), longestMs);
  pipe.send(job);
  const why = await ended.promise;
  clearTimeout(timer);
  pipe.close();
  return { ...left, words, why, steps };
}

const mostWords = 10_000;
const mostSaid = 20;

/** The last line of a process that was ended may be cut off. */
function readWord(line: string): Words {
  try {
    return { ...(JSON.parse(line) as object | null) };
  } catch {
    return {};
  }
}
