/** The thread of hold.ts. It works while the other one does not: it may have to write its line itself. */
import { writeSync } from 'node:fs';
import { type Debugger, type InspectorNotification, Session } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import { type Frame, findHolder, type Held, type HoldWork } from './hold.ts';

/** Milliseconds without a beat after which the process is held. */
const heldFromMs = 200;
/** Held for so long, it may never be free again: the line goes out from here. */
const aloneMs = 2_000;
/** Where a process is, is asked at most so often: the question itself costs it some milliseconds. */
const againMs = 5_000;

const { beats, beatMs, plugins } = workerData as HoldWork;
let lastBeat = Atomics.load(beats, 0);
let freeMs = performance.now();
let lookedMs = freeMs;
let askedMs = Number.NEGATIVE_INFINITY;
let frames: readonly Frame[] | null = null;
let isTold = false;

// Not unref'd: this is what the thread does. The process does not wait for it.
setInterval(look, beatMs / 2);

function look(): void {
  const nowMs = performance.now();
  // This thread was late as well: the whole machine was asleep, stopped or busy.
  const wasLate = nowMs - lookedMs > heldFromMs;
  lookedMs = nowMs;
  const beat = Atomics.load(beats, 0);
  if (beat !== lastBeat || wasLate) {
    if (frames !== null) parentPort?.postMessage({ frames, heldMs: Math.round(nowMs - freeMs) } satisfies Held);
    frames = null;
    isTold = false;
    lastBeat = beat;
    freeMs = nowMs;
    return;
  }
  const heldMs = nowMs - freeMs;
  if (heldMs > heldFromMs && frames === null && nowMs - askedMs > againMs) {
    askedMs = nowMs;
    ask();
  }
  if (heldMs > aloneMs && frames !== null && !isTold) {
    isTold = true;
    tell(heldMs, frames);
  }
}

/** Stops the other thread for a moment and notes where it was. */
function ask(): void {
  const session = new Session();
  const beat = lastBeat;
  const urls = new Map<string, string>();
  session.connectToMainThread();
  session.on('Debugger.scriptParsed', ({ params }: InspectorNotification<Debugger.ScriptParsedEventDataType>) => {
    urls.set(params.scriptId, params.url);
  });
  session.on('Debugger.paused', ({ params }: InspectorNotification<Debugger.PausedEventDataType>) => {
    const stack = params.callFrames.slice(0, mostFrames).map((frame) => toFrame(frame, urls));
    // It was free again before the question reached it: what it does now is not what held it.
    if (Atomics.load(beats, 0) === beat) frames = stack;
    session.disconnect();
    // Its many scripts were told first; that this thread was busy with them says nothing about the machine.
    lookedMs = performance.now();
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}

const mostFrames = 50;

function toFrame({ functionName, location }: Debugger.CallFrame, urls: ReadonlyMap<string, string>): Frame {
  const { scriptId, lineNumber, columnNumber = 0 } = location;
  return { url: urls.get(scriptId) ?? '', name: functionName, line: lineNumber + 1, column: columnNumber + 1 };
}

/** In the words of the log: nobody else can write it now. */
function tell(heldMs: number, stack: readonly Frame[]): void {
  const holder = findHolder(stack, plugins);
  if (holder === null) return;
  const line = { level: 'error', time: new Date().toISOString(), ...holder, heldMs: Math.round(heldMs) };
  writeSync(2, `${JSON.stringify({ ...line, msg: 'a plugin holds the node' })}\n`);
}
