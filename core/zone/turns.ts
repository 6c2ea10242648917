/**
 * When a zone ticks, and what it then tells the node: at most one frame for each turn of the worker's loop, a persist
 * set at intervals or when something waits for it, nothing at all while the zone is at rest.
 */
import type { ZoneSpec } from '../contract/content.ts';
import type { CreateSandbox, SandboxOptions } from '../contract/driver.ts';
import type { Frame, ScriptLimits, ScriptReport, ToNode, ToWorker, ZoneStats, ZoneTally } from '../contract/link.ts';
import type { Clock } from '../contract/ports.ts';
import { createGuard, defaultLimits } from './guard.ts';
import { createInbox } from './inbox.ts';
import type { Blame } from './isolate.ts';
import { createMeter } from './meter.ts';
import { type OnRecord, recordZone } from './recording.ts';
import { createSchedule } from './schedule.ts';
import { toStats } from './stats.ts';
import type { Step } from './step.ts';
import { createTally } from './tally.ts';
import { createTimings } from './timings.ts';
import { runTrial } from './trial.ts';
import { createZone } from './zone.ts';

/** What a running zone is told. */
export type ZoneMessage = Exclude<ToWorker, { type: 'load' | 'ahead' | 'stats' }>;

export type ZoneOptions = {
  readonly load: Extract<ToWorker, { type: 'load' }>;
  readonly createSandbox: CreateSandbox;
  readonly sandbox: SandboxOptions;
  readonly clock: Clock;
  readonly blame: Blame;
  readonly send: (message: ToNode) => void;
  /** Goes on when what was sent has left the process. At once, when absent. */
  readonly whenSent?: (next: () => void) => void;
  /** Milliseconds between two persist sets while something is unsaved. */
  readonly flushMs: number;
  readonly mostObjects: number;
  /** Milliseconds a physics step may take. Without it none is ever too long, as a replay wants it. */
  readonly stepLimitMs?: number;
  /** Everything that is done to the zone, before it is, for a replay. */
  readonly onRecord?: OnRecord;
  /** Budgets and times, where they are not as usual. */
  readonly limits?: Partial<ScriptLimits>;
};

export interface RunningZone {
  /** Takes a message of the node in; it shows in the next turn. */
  accept(message: ZoneMessage): void;
  /** Runs the ticks that are due and sends at most one frame. */
  turn(): void;
  /** A build has failed in another zone of this worker: before its next tick the zone goes back too. */
  refuse(why: ScriptReport): void;
  /** Monotonic milliseconds of the next turn that would do something; null when only a message can change anything. */
  nextTurnMs(): number | null;
  /** Runs one recorded step, instead of `turn`. */
  replay(step: Step): void;
  hash(): string;
  /** Bytes of its isolate's heap. */
  heap(): number;
  /** Puts a fresh isolate in place of the one that runs, for its memory. */
  recycle(): void;
  stats(): ZoneStats;
  /** What it did since the last call of this; null when it did nothing. */
  takeTally(): ZoneTally | null;
  /** Whether the last frame was sent. */
  closed(): boolean;
  dispose(): void;
}

/** Loads a zone and says so: `loaded`, or `load-failed` and null. A trial runs to its end, and is null as well. */
export function openZone(given: ZoneOptions): RunningZone | null {
  const options = withCaution(given);
  const { load, clock, send, flushMs } = options;
  if (load.caution === 'trial') {
    runTrial(options);
    return null;
  }
  const { zone: id, epoch } = load;
  const dt = 1 / load.content.spec.tickRate;
  const made = createZone(options);
  const failure = made.start();
  const zone = options.onRecord ? recordZone(made, options.onRecord) : made;
  if (failure !== null) {
    zone.dispose();
    send({ type: 'load-failed', zone: id, epoch, reports: zone.reports.take(clock.now()), message: failure });
    return null;
  }
  send({
    ...{ type: 'loaded', zone: id, epoch, tick: zone.now.tick, objects: zone.objects.size },
    ...{ kinds: [...zone.kinds.values()], handlers: zone.handlers },
  });
  for (const report of zone.convicted()) send({ type: 'convicted', zone: id, epoch, report });
  const guard = createGuard({
    ...{ zone, clock, caution: load.caution, former: load.former },
    limits: toLimits(load.content.spec.cpu, { ...defaultLimits, ...options.limits }),
    tickLimitMs: options.sandbox.tickLimitMs,
    dt,
    send: (message) => send({ ...message, zone: id, epoch }),
  });

  const inbox = createInbox();
  const meter = createMeter();
  const tally = createTally(id);
  const timings = createTimings(clock);
  const schedule = createSchedule(dt * 1000, clock.monotonicMs());
  /** Numbers of ticks that went by at rest. */
  let tickNumber = zone.now.tick;
  let lastKeepMs = clock.monotonicMs();
  let saveNow = !load.saved.populated;
  let asleep = false;
  let tellAsleep = false;
  let closing = false;
  let closed = false;
  let refused: ScriptReport[] = [];

  function turn(): void {
    if (closed) return;
    for (const why of refused) guard.refuse(why);
    refused = [];
    if (!asleep && !closing) {
      runTicks();
      guard.look();
    }
    tell();
    if (isAtRest()) schedule.rest();
  }

  function isAtRest(): boolean {
    return zone.atRest() && !inbox.waiting() && (guard.nextMs() ?? Number.POSITIVE_INFINITY) > clock.monotonicMs();
  }

  function runTicks(): void {
    const before = schedule.dropped();
    const { ticks, skipped } = schedule.due(clock.monotonicMs());
    /** When the first of these ticks was due, or the first of those that are left out. */
    let dueMs = schedule.nextMs() - (ticks + schedule.dropped() - before) * dt * 1_000;
    tickNumber += skipped;
    const time = clock.now();
    for (let left = ticks; left > 0; left--) {
      const startMs = clock.monotonicMs();
      timings.taken(startMs);
      tickNumber++;
      const at = { tick: tickNumber, time: Math.max(zone.now.time, time - (left - 1) * dt), dt };
      const step = { ...at, ...inbox.take(), ...guard.orders() };
      guard.after(zone.tick(step));
      const endMs = clock.monotonicMs();
      meter.add(endMs, endMs - startMs);
      tally.tick(startMs - dueMs, endMs - startMs);
      dueMs = schedule.nextMs() - (left - 1) * dt * 1_000;
    }
  }

  /** The frame of this turn, when there is anything to tell. */
  function tell(): void {
    const outcomes = timings.told(zone.calls.take());
    const requests = zone.takeRequests();
    const taken = zone.passage.takeTaken();
    saveNow ||= closing || tellAsleep || taken.length > 0 || outcomes.some((outcome) => outcome.ok && outcome.durable);
    const isDue = clock.monotonicMs() - lastKeepMs >= flushMs && zone.saver.unsaved(zone.pending());
    const keeps = saveNow || isDue;
    if (keeps || outcomes.length > 0 || requests.length > 0 || zone.frames.waiting()) {
      const { tick, time } = zone.now;
      const keep = keeps ? zone.saver.take(zone.pending()) : null;
      const pub = zone.frames.take(tick, time);
      const frame: Frame = { type: 'frame', pub, keep, outcomes, requests, taken, asleep: tellAsleep, closed: closing };
      send(frame);
      tally.frame();
    }
    if (keeps) lastKeepMs = clock.monotonicMs();
    saveNow = false;
    tellAsleep = false;
    const reports = zone.reports.take(zone.now.time);
    if (reports.length > 0) send({ type: 'reports', zone: id, epoch, reports });
    if (closing) {
      closed = true;
      zone.dispose();
    }
  }

  function accept(message: ZoneMessage): void {
    if (message.epoch !== epoch || closed) return;
    switch (message.type) {
      case 'items':
        timings.came(message.items);
        inbox.push(message.items);
        break;
      case 'ids':
        inbox.grant(message.block);
        break;
      case 'programs': {
        const { ok, reports } = guard.programs(message.programs, message.way);
        const { tick } = zone.now;
        const kinds = [...zone.kinds.values()];
        send({ type: 'swapped', zone: id, epoch, ok, tick, kinds, handlers: zone.handlers, reports });
        break;
      }
      case 'content':
        zone.replace(message.content);
        break;
      case 'save':
        saveNow = true;
        break;
      case 'sleep':
        asleep = true;
        tellAsleep = true;
        guard.pause();
        break;
      case 'wake':
        if (asleep) schedule.restart(clock.monotonicMs());
        asleep = false;
        break;
      case 'close':
        closing = true;
        guard.pause();
        break;
    }
    if (!asleep) tickNumber += schedule.wake(clock.monotonicMs());
  }

  function nextTurnMs(): number | null {
    if (closed) return null;
    if (saveNow || tellAsleep || closing || refused.length > 0) return clock.monotonicMs();
    if (asleep) return null;
    if (!isAtRest()) return schedule.nextMs();
    const times: number[] = [];
    const guarded = guard.nextMs();
    if (guarded !== null) times.push(guarded);
    if (zone.saver.unsaved(zone.pending())) times.push(lastKeepMs + flushMs);
    const wakeAt = zone.wakeAt();
    if (wakeAt !== null) times.push(clock.monotonicMs() + (wakeAt - clock.now()) * 1000 + 1);
    return times.length === 0 ? null : Math.max(schedule.nextMs(), Math.min(...times));
  }

  return {
    accept,
    turn,
    refuse: (why) => void refused.push(why),
    nextTurnMs,
    replay: zone.tick,
    hash: zone.hash,
    heap: zone.heap,
    recycle: guard.recycle,
    stats() {
      const nowMs = clock.monotonicMs();
      return { ...toStats(zone, guard, nowMs), ...meter.read(nowMs), droppedTicks: schedule.dropped(), asleep };
    },
    takeTally: () => tally.take(zone.costs.takeSpent(), zone.kinds, schedule.dropped()),
    closed: () => closed,
    dispose: zone.dispose,
  };
}

/**
 * `safe`: nothing of a script runs but its file, and nothing moves. `careful`, and in a trial: a line to the node before
 * each handler, because V8 may end the process and take the words of the watchdog along.
 */
function withCaution(options: ZoneOptions): ZoneOptions {
  const { load, blame, sandbox } = options;
  const { careful, physics: _, ...quiet } = blame;
  if (load.caution === 'careful' || load.caution === 'trial')
    return careful ? { ...options, sandbox: { ...sandbox, onHandler: careful } } : options;
  if (load.caution !== 'safe') return { ...options, blame: quiet };
  const programs = load.programs.map((program) => ({ ...program, resting: safeMode }));
  const content = { ...load.content, spec: { ...load.content.spec, physics: null } };
  return { ...options, blame: quiet, load: { ...load, programs, content } };
}

/** What the game says of its own, within what the operator gives a zone. */
function toLimits(cpu: ZoneSpec['cpu'], limits: ScriptLimits): ScriptLimits {
  return {
    ...limits,
    objectPercent: cpu?.object ?? limits.objectPercent,
    kindPercent: cpu?.kind ?? limits.kindPercent,
    zonePercent: Math.min(cpu?.zone ?? limits.zonePercent, limits.zonePercent),
  };
}

const safeMode = 'the zone ended its worker twice and nobody knows by which script: all rest for a while';
