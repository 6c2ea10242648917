/**
 * Writes what frames say changed: per zone one transaction at a time, in order. While the database is busy the sets of a
 * zone grow together into one, so that what waits is never more than the zone itself.
 */
import { HostError } from '../contract/errors.ts';
import type { ZoneId } from '../contract/link.ts';
import type { Clock, Log } from '../contract/ports.ts';

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
  /** Zones whose sets wait, transactions since the start, and sets that were given up. */
  stats(): { readonly waiting: number; readonly commits: number; readonly failed: number };
}

type Desk = {
  waiting: SaveSet | null;
  waiters: Waiter[];
  writing: boolean;
  /** Monotonic time since which nothing could be written, or null. */
  stuckSince: number | null;
  idle: (() => void)[];
};

const retryMs = 250;

export function createKeeper({ store, log, clock, patienceMs, onFailed }: KeeperOptions): Keeper {
  const desks = new Map<ZoneId, Desk>();
  let commits = 0;
  let failures = 0;

  function add(set: SaveSet, waiter?: Waiter): void {
    const desk = desks.get(set.zone) ?? { waiting: null, waiters: [], writing: false, stuckSince: null, idle: [] };
    desks.set(set.zone, desk);
    desk.waiting = desk.waiting === null ? set : mergeSets(desk.waiting, set);
    if (waiter) desk.waiters.push(waiter);
    if (!desk.writing) void write(set.zone, desk);
  }

  async function write(zone: ZoneId, desk: Desk): Promise<void> {
    desk.writing = true;
    while (desk.waiting !== null) {
      const set = desk.waiting;
      const waiters = desk.waiters;
      desk.waiting = null;
      desk.waiters = [];
      try {
        const refused = await store.save(set);
        commits++;
        desk.stuckSince = null;
        if (refused.length > 0) log.error({ zone, refused }, 'objects not saved: the database refuses their rows');
        for (const waiter of waiters) waiter.saved();
      } catch (error) {
        await failed(zone, desk, set, waiters, error);
      }
    }
    desks.delete(zone);
    for (const wake of desk.idle) wake();
  }

  async function failed(zone: ZoneId, desk: Desk, set: SaveSet, waiters: Waiter[], error: unknown): Promise<void> {
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

  return {
    add,
    async idle(zone) {
      const desk = desks.get(zone);
      if (desk) await new Promise<void>((done) => desk.idle.push(done));
    },
    stats: () => ({ waiting: desks.size, commits, failed: failures }),
  };
}
