/** All workers: as many as wanted and one that stands by; silent ones are ended, dead ones replaced. */
import type { ZoneStats } from '../contract/link.ts';
import { startWorker, type Worker, type WorkerGone, type WorkerOptions } from './worker.ts';
import { WorkerList } from './worker-list.ts';

export type WorkersOptions = Omit<WorkerOptions, 'onReady' | 'onGone'> & {
  /** Workers that run zones; one more stands by. */
  readonly count: number;
  /** Silence, in the node's own punctual time, after which a worker is ended. */
  readonly silentMs: number;
  /** File with the workers of this life, so that the next can end those that are left. */
  readonly listFile: string;
  /** A worker is gone; its successor takes over. Its last words are oldest first. */
  readonly onGone: (worker: Worker, why: string, blame: readonly string[]) => void;
};

/** The one that stands by, lent for a while: it takes nobody's place meanwhile. */
export type Borrowed = {
  readonly worker: Worker;
  /** Resolves when it is gone, with how. */
  readonly gone: Promise<WorkerGone>;
  /** It stands by again; when another does by now, it is ended. */
  giveBack(): void;
};

export interface Workers {
  /** Ends workers of a previous life and starts this life's. Resolves when all but the one standing by are ready. */
  start(): Promise<void>;
  /** Resolves when one can be given zones, or when all are being stopped. */
  someReady(): Promise<void>;
  /** Workers that may be given zones, also those not ready yet. */
  active(): readonly Worker[];
  /** Lends the one that stands by, when it is ready within that time; null when not. */
  borrow(withinMs: number): Promise<Borrowed | null>;
  /**
   * The one that stands by, for a zone that nobody shall share a worker with; another one stands by soon. Null when there
   * are as many such as may be, or none is ready within that time.
   */
  setApart(withinMs: number): Promise<Worker | null>;
  /** Ends one that was set apart; any other is left alone. */
  release(worker: Worker): void;
  stats(): {
    readonly zones: readonly ZoneStats[];
    readonly processes: readonly WorkerStats[];
    /** Workers that ended without being asked to, since the start. */
    readonly ended: number;
  };
  stop(): Promise<void>;
}

export type WorkerStats = {
  readonly id: number;
  readonly pid: number;
  readonly state: 'starting' | 'ready' | 'spare';
  /** Resident bytes, and CPU seconds since its start. */
  readonly rss: number;
  readonly cpu: number;
  /** Bytes on their way to it. */
  readonly queuedBytes: number;
};

/** Workers that have one zone each. */
const apartMost = 2;
const lookMs = 100;
const pingMs = 500;
/** A look that comes later than this after the last one says that the node itself was held up. */
const punctualMs = 250;
const killEveryMs = 1_000;
/**
 * The one that stands by is started so much after the others were, and again until they are ready, unless it is wanted before:
 * to start one takes as much CPU as to bring back ten zones, and these come first.
 */
const standByMs = 1_500;
/** A worker that ends before it is ready is started again after 100 ms, doubling up to this. */
const backOffMostMs = 5_000;
/** The first workers have so long to start. */
const firstMs = 20_000;

export function createWorkers(options: WorkersOptions): Workers {
  const { log, count } = options;
  const active: Worker[] = [];
  let spare: Worker | null = null;
  /** Lent, with what is done when they are gone. */
  const lent = new Map<Worker, (gone: WorkerGone) => void>();
  const apart = new Set<Worker>();
  let nextId = 1;
  let backOffMs = 100;
  let stopping = false;
  let lastWhy = 'none';
  let ended = 0;
  /** Those who wait for the one that stands by. */
  let wanted = 0;
  let lastKill = Number.NEGATIVE_INFINITY;
  const waiting = new Set<() => void>();
  const timers = new Set<NodeJS.Timeout>();
  const list = new WorkerList(options.listFile, log);

  function launch(): Worker {
    return startWorker(nextId++, { ...options, onReady, onGone });
  }

  function fill(): void {
    while (!stopping && active.length < count) active.push(launch());
    if (wanted > 0) standBy();
    else later(standByMs, standByOnceReady);
    writeList();
  }

  function standByOnceReady(): void {
    if (active.every((worker) => worker.ready)) standBy();
    else later(standByMs, standByOnceReady);
  }

  function standBy(): void {
    // What is lent will stand by again.
    if (stopping || spare || lent.size > 0) return;
    spare = launch();
    writeList();
  }

  function onReady(): void {
    backOffMs = 100;
    wakeWaiting();
  }

  function wakeWaiting(): void {
    for (const wake of waiting) wake();
    waiting.clear();
  }

  function onGone(worker: Worker, gone: WorkerGone): void {
    wakeWaiting();
    const had = active.includes(worker) || apart.delete(worker);
    const place = active.indexOf(worker);
    if (place !== -1) {
      if (spare) active.splice(place, 1, spare);
      else active.splice(place, 1);
      spare = null;
    } else if (spare === worker) spare = null;
    lastWhy = gone.why;
    const lender = lent.get(worker);
    lent.delete(worker);
    lender?.(gone);
    if (stopping) return;
    ended++;
    log.warn({ worker: worker.id, pid: worker.pid, why: gone.why, blame: gone.blame }, 'worker gone');
    if (worker.ready) fill();
    else {
      later(backOffMs, fill);
      backOffMs = Math.min(backOffMs * 2, backOffMostMs);
    }
    if (had) options.onGone(worker, gone.why, gone.blame);
  }

  function later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  }

  function all(): readonly Worker[] {
    return [...active, ...(spare ? [spare] : []), ...lent.keys(), ...apart];
  }

  /** Silence counts only while the node's own loop was on time; after a stall everybody gets a full period. */
  function look(elapsedMs: number): void {
    const punctual = elapsedMs < punctualMs;
    for (const worker of all()) {
      if (!worker.ready) continue;
      worker.silentMs = punctual ? worker.silentMs + elapsedMs : 0;
      if (worker.silentMs < options.silentMs || performance.now() - lastKill < killEveryMs) continue;
      lastKill = performance.now();
      worker.kill(`silent for ${Math.round(worker.silentMs)} ms`);
    }
  }

  function watch(): void {
    let last = performance.now();
    let sincePing = 0;
    const timer = setInterval(() => {
      const now = performance.now();
      look(now - last);
      sincePing += now - last;
      last = now;
      if (sincePing < pingMs) return;
      sincePing = 0;
      for (const worker of all()) if (worker.ready) worker.send({ type: 'stats' });
    }, lookMs);
    timers.add(timer);
  }

  function toStats(worker: Worker): WorkerStats {
    const { id, pid, ready } = worker;
    const state = !ready ? 'starting' : worker === spare || lent.has(worker) ? 'spare' : 'ready';
    return { id, pid, state, rss: worker.stats.rss, cpu: worker.stats.cpu, queuedBytes: worker.queuedBytes() };
  }

  async function someReady(): Promise<void> {
    while (!stopping && !active.some((worker) => worker.ready)) {
      await new Promise<void>((wake) => waiting.add(wake));
    }
  }

  /** Takes the one that stands by, when it is ready in time. */
  async function takeSpare(withinMs: number): Promise<Worker | null> {
    wanted++;
    standBy();
    try {
      return await spareReady(performance.now() + withinMs);
    } finally {
      wanted--;
    }
  }

  async function spareReady(untilMs: number): Promise<Worker | null> {
    while (!spare?.ready) {
      const leftMs = untilMs - performance.now();
      if (stopping || leftMs <= 0) return null;
      await new Promise<void>((wake) => {
        waiting.add(wake);
        later(leftMs, wake);
      });
    }
    const worker = spare;
    spare = null;
    return worker;
  }

  async function borrow(withinMs: number): Promise<Borrowed | null> {
    const worker = await takeSpare(withinMs);
    if (!worker) return null;
    const gone = new Promise<WorkerGone>((resolve) => lent.set(worker, resolve));
    return {
      worker,
      gone,
      giveBack() {
        if (!lent.delete(worker)) return;
        if (spare || stopping) worker.kill('another one stands by');
        else spare = worker;
        wakeWaiting();
      },
    };
  }

  async function setApart(withinMs: number): Promise<Worker | null> {
    const worker = apart.size < apartMost ? await takeSpare(withinMs) : null;
    if (!worker) return null;
    apart.add(worker);
    fill();
    return worker;
  }

  async function allReady(): Promise<void> {
    while (!stopping && !(active.length === count && active.every((worker) => worker.ready))) {
      await new Promise<void>((wake) => waiting.add(wake));
    }
  }

  /** @throws Error when a worker does not come up: the installation is broken, and waiting would not help. */
  async function readyInTime(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`The workers do not start; the last one that ended: ${lastWhy}`)),
        firstMs,
      );
    });
    try {
      await Promise.race([allReady(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  function writeList(): void {
    list.write(all().map(({ pid }) => pid));
  }

  return {
    async start() {
      await list.endFormerLife();
      fill();
      watch();
      await readyInTime();
    },
    someReady,
    active: () => active,
    borrow,
    setApart,
    release(worker) {
      if (apart.delete(worker)) worker.kill('its zone has closed');
    },
    stats: () => ({
      zones: all().flatMap((worker) => worker.stats.zones),
      processes: all().map(toStats),
      ended,
    }),
    async stop() {
      stopping = true;
      wakeWaiting();
      for (const timer of timers) clearTimeout(timer);
      const last = all();
      for (const worker of last) worker.kill('the node stops');
      await Promise.all(last.map((worker) => worker.ended));
      await list.remove();
    },
  };
}
