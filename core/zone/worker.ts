/**
 * The worker process: many zones, one loop. It has pipes to the node and nothing else: no socket, no file, no secret.
 * fd 3 brings messages of the node, fd 4 takes ours, fd 5 takes blame lines.
 */
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { ScriptLimits, ToNode, ToWorker, ZoneId, ZoneTally } from '../contract/link.ts';
import type { Clock } from '../contract/ports.ts';
import { readFd, writeFd } from '../link/fd.ts';
import { openPipe } from '../link/pipe.ts';
import { createSandbox } from '../script/sandbox.ts';
import { blameFd, createBlame, handlerWord, shareWords, tellBlame, word } from './blame.ts';
import { isObject } from './check.ts';
import { createRecorder } from './recorder.ts';
import { openZone, type RunningZone } from './turns.ts';
import { keepWarm } from './warm.ts';
import type { WatchdogOptions } from './watchdog.ts';

/** What the node passes on the command line, as JSON. */
export type WorkerOptions = {
  readonly memoryMb: number;
  readonly isolateMb: number;
  readonly tickLimitMs: number;
  readonly watchdogMs: number;
  readonly flushMs: number;
  readonly frameMb: number;
  readonly parent: number;
  readonly objectsPerZone: number;
  /** Budgets and times of scripts, where they are not as usual. */
  readonly limits?: Partial<ScriptLimits>;
};

const megabyte = 1_048_576;
/** Bytes the node has not read at which zones stop ticking: time is dropped before frames are. */
const mostQueued = 4 * megabyte;
/** Milliseconds between two looks whether the node reads again. */
const congestedMs = 20;
/** Part of the memory cap above which the largest isolate is made anew, and the time until the next one is (milliseconds). */
const softPart = 0.75;
const softMs = 1_000;
/** A heap that is not worth it (bytes). */
const smallHeap = 8 * megabyte;
/** A load runs every script's file once and copies all objects. */
const loadFactor = 5;
/** Part of the tick limit that a physics step may take. */
const stepPart = 0.5;

const options = JSON.parse(process.argv[2] ?? '') as WorkerOptions;
const words = shareWords(word);
const handlers = shareWords(handlerWord);
const clock: Clock = { now: () => Date.now() / 1000, monotonicMs: () => performance.now() };
const zones = new Map<ZoneId, RunningZone>();
const blame = createBlame(words, handlers);
/** One object for all zones: by it the warm isolate knows that it fits. */
const sandbox = {
  memoryMb: options.isolateMb,
  tickLimitMs: options.tickLimitMs,
  loadLimitMs: options.tickLimitMs * loadFactor,
  blame: handlers,
};
const warm = keepWarm(createSandbox, sandbox, prepareNext);
/** What is booted ahead for zones that are about to be given a saved script goes when they were not given it by then. */
const aheadMs = 10_000;
/** An isolate that stands ready (bytes), and how many do at most. */
const readyBytes = 4 * megabyte;
const readyMost = 32;
/** Programs that zones are still to take over. */
const swaps = new Map<ZoneId, Extract<ToWorker, { type: 'programs' }>>();
/** Of zones that have closed since the node was told. */
const lastTallies: ZoneTally[] = [];
let wantsWarm = false;
let aheadTimer: NodeJS.Timeout | undefined;
let betweenSet: NodeJS.Immediate | null = null;
let zoneNumbers = 0;
let relievedMs = 0;
let timer: NodeJS.Timeout | undefined;
let armedForMs = Number.POSITIVE_INFINITY;

process.on('uncaughtException', (error) => {
  tellBlame({ reason: 'crash', message: error.message });
  process.stderr.write(`${error.stack ?? error.message}\n`, () => process.exit(1));
});

// Opened for its side effect: the descriptor does not block any more.
const blamePipe = writeFd(blameFd);
blamePipe.on('error', () => end(1));
blamePipe.unref();

const watchdog = new Worker(new URL('./watchdog.ts', import.meta.url), {
  workerData: {
    words,
    handlers,
    watchdogMs: options.watchdogMs,
    memoryMb: options.memoryMb,
    parent: options.parent,
  } satisfies WatchdogOptions,
});
watchdog.on('error', (error) => {
  throw error;
});

const pipe = openPipe({
  input: readFd(3),
  output: writeFd(4),
  maxFrameBytes: options.frameMb * megabyte,
  // Everything of one turn may wait; the next turn waits for it.
  maxQueuedBytes: 4 * options.frameMb * megabyte,
  onMessage: receive,
  onEnd(why) {
    if (why.kind !== 'closed') tellBlame({ reason: 'pipe', message: why.message });
    end(why.kind === 'closed' ? 0 : 1);
  },
});

watchdog.once('online', () => {
  dropPermissions();
  // The runtime is compiled whole, once, and isolates are given what came of it. Piece by piece, as its functions are first
  // called, every isolate would do that again: half of what it takes to boot and load a small zone.
  setFlagsFromString('--no-lazy');
  warm.prepare();
  send({ type: 'ready', pid: process.pid });
});

/** Everything is loaded and the thread runs: nothing more is read, loaded or started. */
function dropPermissions(): void {
  const { permission } = process as { permission?: { drop?: (scope: string) => void } };
  for (const scope of ['worker', 'addon', 'fs.read']) permission?.drop?.(scope);
}

function end(code: number): void {
  process.exit(code);
}

function send(message: ToNode): void {
  const outcome = pipe.send(message);
  if (outcome === 'sent') return;
  // A frame that is lost leaves everybody's picture wrong: the zones start again from what is saved.
  const text = `a ${message.type} message could not be sent: ${outcome}`;
  if (message.type === 'frame' && outcome === 'too-long') {
    // The words still name the handler that left most to be told, when one left much.
    const [slot, handler] = [handlers[handlerWord.slot], handlers[handlerWord.handler]];
    tellBlame({ reason: 'frame', message: text, zone: message.pub.zone, slot, handler });
  } else {
    tellBlame({ reason: 'pipe', message: text });
  }
  end(1);
}

/** A build that fails in one zone would stop the others of this worker as well, one after another. */
function sendOfZone(message: ToNode): void {
  send(message);
  if (message.type !== 'judged' || message.back?.zone !== message.zone) return;
  for (const [id, zone] of zones) if (id !== message.zone) zone.refuse(message.back);
}

/** What the engine takes down with it is nobody's doing when the node does not know the numbers of handlers. */
function whenSent(next: () => void): void {
  if (pipe.queuedBytes() === 0) next();
  else setTimeout(whenSent, 1, next);
}

/** A message of the node: trusted, but a broken one means that the link is broken. */
function receive(value: unknown): void {
  if (!isObject(value) || typeof value.type !== 'string') {
    tellBlame({ reason: 'pipe', message: 'a message without a type' });
    return end(1);
  }
  const message = value as unknown as ToWorker;
  switch (message.type) {
    case 'load':
      load(message);
      break;
    case 'stats':
      tellStats();
      return;
    case 'ahead':
      prepareMany(message.isolates);
      return;
    case 'programs':
      // Of several saves in a row the last one is enough.
      swaps.delete(message.zone);
      swaps.set(message.zone, message);
      runBetween();
      return;
    case 'items':
    case 'ids':
    case 'content':
    case 'save':
    case 'sleep':
    case 'wake':
    case 'close':
      zones.get(message.zone)?.accept(message);
      break;
    default:
      tellBlame({ reason: 'pipe', message: 'a message of an unknown type' });
      return end(1);
  }
  arm();
}

function prepareNext(): void {
  wantsWarm = true;
  runBetween();
}

/** As many as there is memory for. */
function prepareMany(count: number): void {
  const roomBytes = options.memoryMb * megabyte * softPart - process.memoryUsage.rss();
  clearTimeout(aheadTimer);
  aheadTimer = setTimeout(() => warm.forget(), aheadMs);
  warm.expect(Math.max(0, Math.min(count, readyMost, Math.floor(roomBytes / readyBytes))));
}

function load(message: Extract<ToWorker, { type: 'load' }>): void {
  zones.get(message.zone)?.dispose();
  zones.delete(message.zone);
  const mine = blame.zone(message.zone, ++zoneNumbers);
  const zone = openZone({
    load: message,
    createSandbox: warm.create,
    sandbox,
    clock,
    blame: mine,
    onRecord: createRecorder({
      ...{ zone: message.zone, epoch: message.epoch, send, mostBytes: (options.frameMb * megabyte) / 2 },
      line: (tick, record) => mine.recorded?.(tick, record),
    }),
    send: sendOfZone,
    whenSent,
    flushMs: options.flushMs,
    mostObjects: options.objectsPerZone,
    stepLimitMs: options.tickLimitMs * stepPart,
    limits: options.limits ?? {},
  });
  if (zone) zones.set(message.zone, zone);
}

/** What takes its time is done one at a time, with due ticks in between: many zones are given a saved script at once. */
function runBetween(): void {
  if (betweenSet || (!wantsWarm && swaps.size === 0)) return;
  betweenSet = setImmediate(() => {
    betweenSet = null;
    const [next] = swaps.values();
    // Two short pauses are better than a long one.
    if (wantsWarm && (!next || warm.empty())) {
      wantsWarm = false;
      warm.prepare();
    } else if (next) {
      swaps.delete(next.zone);
      zones.get(next.zone)?.accept(next);
      arm();
    }
    runBetween();
  });
}

function tellStats(): void {
  const { user, system } = process.cpuUsage();
  send({
    type: 'stats',
    zones: [...zones.values()].map((zone) => zone.stats()),
    tallies: [...lastTallies.splice(0), ...[...zones.values()].flatMap((zone) => zone.takeTally() ?? [])],
    rss: process.memoryUsage.rss(),
    cpu: (user + system) / 1e6,
  });
}

/** One timer for all zones, set for the earliest turn that would do something; none when all are at rest. */
function arm(): void {
  let next = Number.POSITIVE_INFINITY;
  for (const zone of zones.values()) next = Math.min(next, zone.nextTurnMs() ?? Number.POSITIVE_INFINITY);
  if (pipe.queuedBytes() > mostQueued) next = Math.max(next, clock.monotonicMs() + congestedMs);
  if (next === armedForMs) return;
  clearTimeout(timer);
  armedForMs = next;
  if (next !== Number.POSITIVE_INFINITY) timer = setTimeout(turn, within(1, next - clock.monotonicMs(), 2 ** 31 - 1));
}

function within(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function turn(): void {
  armedForMs = Number.POSITIVE_INFINITY;
  for (const [id, zone] of zones) {
    if (pipe.queuedBytes() > mostQueued) break;
    const next = zone.nextTurnMs();
    if (next === null || next > clock.monotonicMs() + 0.5) continue;
    zone.turn();
    if (!zone.closed()) continue;
    zones.delete(id);
    lastTallies.push(...[zone.takeTally()].filter((tally) => tally !== null));
  }
  relieve();
  arm();
}

/** Garbage of many zones together may come near the cap: the fullest heap begins anew before the watchdog ends them all. */
function relieve(): void {
  const nowMs = clock.monotonicMs();
  if (nowMs - relievedMs < softMs) return;
  relievedMs = nowMs;
  if (process.memoryUsage.rss() < options.memoryMb * megabyte * softPart) return;
  const heaps = [...zones.values()].map((zone) => ({ zone, heap: zone.heap() })).sort((a, b) => b.heap - a.heap);
  const [largest] = heaps;
  if (largest && largest.heap > smallHeap) largest.zone.recycle();
}
