/**
 * Writes what frames say changed: per zone one transaction at a time, in order. While the database is busy the sets of a
 * zone grow together into one, so that what waits is never more than the zone itself.
 */
import { Buckets } from '../contract/buckets.ts';
import { HostError } from '../contract/errors.ts';
import type { ZoneId } from '../contract/link.ts';
import type { Clock, Log } from '../contract/ports.ts';

import { type FlushFigures, flushBounds } from '../report/figures.ts';
import { isAway, type SaveSet, StaleEpoch, type Store } from '../store/store.ts';
import { mergeSets } from './merge-sets.ts';

export type KeeperOptions = {
  readonly store: Pick<Store, 'save'>;
  readonly log: Log;
  readonly clock: Clock;
  /** Longest time that sets of a zone may wait for a database that is away; then the zone goes back to its last commit. */
  readonly patienceMs: number;
  /** The zone's memory is ahead of what could be saved: it has to be restored from the last commit. */
  readonly onFailed: (zone: ZoneId, epoch: number) => void;
};

/** Somebody who waits for a set. */
export type Waiter = {
  /** The set is on disk. */
  readonly saved: () => void;
  /** The database did not answer in time; the set is kept and tried again. Called at most once. */
  readonly busy?: () => void;
  /** The set is lost, and so is what the zone did in it. */
  readonly failed: (error: HostError) => void;
};

export interface Keeper {
  add(set: SaveSet, waiter?: Waiter): void;
  /** When everything added for the zone was saved or given up. */
  idle(zone: ZoneId): Promise<void>;
  stats(): FlushFigures;
}

type Desk = {
  waiting: SaveSet | null;
  /** Unix seconds of the oldest tick whose changes are in what waits. */
  since: number;
  waiters: Waiter[];
  writing: boolean;
  /** Monotonic time since which nothing could be written, or null. */
  stuckSince: number | null;
  idle: (() => void)[];
};

/** What is written in one transaction. */
type Try = { readonly set: SaveSet; readonly since: number; readonly waiters: Waiter[] };

const retryMs = 250;

export function createKeeper({ store, log, clock, patienceMs, onFailed }: KeeperOptions): Keeper {
  const desks = new Map<ZoneId, Desk>();
  const took = new Buckets(flushBounds);
  const lag = new Buckets(flushBounds);
  let rows = 0;
  let failures = 0;

  function add(set: SaveSet, waiter?: Waiter): void {
    const desk = desks.get(set.zone) ?? newDesk();
    desks.set(set.zone, desk);
    if (desk.waiting === null) desk.since = set.time;
    desk.waiting = desk.waiting === null ? set : mergeSets(desk.waiting, set);
    if (waiter) desk.waiters.push(waiter);
    if (!desk.writing) void write(set.zone, desk);
  }

  async function write(zone: ZoneId, desk: Desk): Promise<void> {
    desk.writing = true;
    while (desk.waiting !== null) {
      const set = desk.waiting;
      const { waiters, since } = desk;
      const beganMs = clock.monotonicMs();
      desk.waiting = null;
      desk.waiters = [];
      try {
        const refused = await store.save(set);
        took.add((clock.monotonicMs() - beganMs) / 1_000);
        // What is written before the first tick is of no tick.
        if (since > 0) lag.add(Math.max(0, clock.now() - since));
        rows += set.keep.objects.length;
        desk.stuckSince = null;
        if (refused.length > 0) log.error({ zone, refused }, 'objects not saved: the database refuses their rows');
        for (const waiter of waiters) waiter.saved();
      } catch (error) {
        await failed(zone, desk, { set, since, waiters }, error);
      }
    }
    desks.delete(zone);
    for (const wake of desk.idle) wake();
  }

  async function failed(zone: ZoneId, desk: Desk, { set, since, waiters }: Try, error: unknown): Promise<void> {
    if (error instanceof StaleEpoch) {
      log.warn({ zone, epoch: set.epoch }, 'changes of an old epoch dropped');
      for (const waiter of waiters) waiter.failed(new HostError('zone.interrupted'));
      return;
    }
    desk.stuckSince ??= clock.monotonicMs();
    // What somebody waits for may fail; the rest is kept until the database is back.
    if (clock.monotonicMs() - desk.stuckSince < patienceMs && (isAway(error) || !set.strict)) {
      log.warn({ zone, error, waits: set.keep.objects.length }, 'changes not saved yet');
      for (const waiter of waiters) waiter.busy?.();
      await new Promise((wake) => setTimeout(wake, retryMs));
      desk.waiting = desk.waiting === null ? set : mergeSets(set, desk.waiting);
      desk.since = since;
      desk.waiters = [...waiters.map((waiter) => ({ ...waiter, busy: () => {} })), ...desk.waiters];
      return;
    }
    failures++;
    log.error({ zone, epoch: set.epoch, error }, 'changes could not be saved: the zone goes back to its last commit');
    const lost = [...waiters, ...desk.waiters];
    desk.waiting = null;
    desk.waiters = [];
    desk.stuckSince = null;
    for (const waiter of lost) waiter.failed(new HostError('store.failed'));
    onFailed(zone, set.epoch);
  }

  function stuckS(): number {
    const nowMs = clock.monotonicMs();
    let longestMs = 0;
    for (const { stuckSince } of desks.values()) longestMs = Math.max(longestMs, nowMs - (stuckSince ?? nowMs));
    return longestMs / 1_000;
  }

  return {
    add,
    async idle(zone) {
      const desk = desks.get(zone);
      if (desk) await new Promise<void>((done) => desk.idle.push(done));
    },
    stats: () => ({ took, lag, rows, failed: failures, waiting: desks.size, stuckS: stuckS() }),
  };
}

function newDesk(): Desk {
  return { waiting: null, since: 0, waiters: [], writing: false, stuckSince: null, idle: [] };
}
