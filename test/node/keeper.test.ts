import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeepFrame, ObjectRow } from '../../core/contract/link.ts';
import { createKeeper, type Keeper, type Waiter } from '../../core/node/keeper.ts';
import { type Connection, openConnection } from '../../core/store/connection.ts';
import { toId } from '../../core/store/ids.ts';
import { openStore, type SaveSet, type Store } from '../../core/store/store.ts';
import { newRow } from '../../core/zone/new-row.ts';
import { silentLog, systemClock } from '../support/quiet.ts';

const zone = 'devtest/den';
let folder: string;
let store: Store;
let other: Connection;
let epoch: number;
const failed: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-keeper-'));
  store = await openStore({ folder, log: silentLog, clock: systemClock, deadlineMs: 1_000, linesKept: 10 });
  other = await openConnection(join(folder, 'roost.db'), ['pragma busy_timeout = 0']);
  ({ epoch } = await store.openZone(zone, 'devtest'));
  failed.length = 0;
});

afterEach(async () => {
  await other.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function keeperWith(patienceMs: number): Keeper {
  return createKeeper({
    ...{ store, log: silentLog, clock: systemClock, patienceMs },
    onFailed: (id, at) => failed.push(`${id} ${at}`),
  });
}

function row(counter: number, state: ObjectRow['state'] = {}): ObjectRow {
  return newRow(toId(1, counter), 'crate', { state });
}

function set(tick: number, keep: Partial<KeepFrame>, strict = false): SaveSet {
  return {
    ...{ zone, epoch, tick, time: 1, moves: [], once: [], strict },
    keep: {
      ...{ populated: true, state: {}, keep: {}, pending: [], objects: [], removed: [], timers: [], lines: [] },
      ...{ nextDue: null, ...keep },
    },
  };
}

/** What becomes of a set, as one promise, and one for being told that the database is busy. */
function wait(): { waiter: Waiter; busy: () => number; told: Promise<void>; done: Promise<string> } {
  const { promise, resolve } = Promise.withResolvers<string>();
  const told = Promise.withResolvers<void>();
  let busy = 0;
  const waiter = {
    saved: () => resolve('saved'),
    busy: () => {
      busy++;
      told.resolve();
    },
    failed: (error: { code: string }) => resolve(error.code),
  };
  return { waiter, busy: () => busy, told: told.promise, done: promise };
}

async function onDisk(): Promise<readonly ObjectRow[]> {
  return (await store.openZone(zone, 'devtest')).saved.objects;
}

describe('the keeper', () => {
  it('PER-08 keeps what it cannot write while the database is away, and writes it all together', async () => {
    const keeper = keeperWith(60_000);
    await other.all('begin immediate');
    const first = wait();
    keeper.add(set(1, { objects: [row(1, { eggs: 1 }), row(2)] }, true), first.waiter);
    keeper.add(set(2, { objects: [row(1, { eggs: 2 }), row(3)], removed: [row(2).id] }));
    await first.told;
    keeper.add(set(3, { objects: [row(3, { late: true })] }));
    await other.all('commit');
    expect(await first.done).toBe('saved');
    await keeper.idle(zone);
    expect(await onDisk()).toEqual([row(1, { eggs: 2 }), row(3, { late: true })]);
    expect(failed).toEqual([]);
    expect(first.busy()).toBe(1);
  });

  it('PER-08 gives up after its patience: who waits hears it, and the zone goes back to its last commit', async () => {
    const keeper = keeperWith(1);
    keeper.add(set(1, { objects: [row(1)] }));
    await keeper.idle(zone);
    await other.all('begin immediate');
    const { waiter, done } = wait();
    keeper.add(set(2, { removed: [row(1).id] }, true), waiter);
    keeper.add(set(3, { objects: [row(2)] }));
    expect(await done).toBe('store.failed');
    await keeper.idle(zone);
    await other.all('rollback');
    expect(failed).toEqual([`${zone} ${epoch}`]);
    expect(await onDisk()).toEqual([row(1)]);
  });

  it('PER-04 what somebody waits for is saved whole or not at all', async () => {
    const keeper = keeperWith(60_000);
    keeper.add(set(1, { objects: [row(1)] }));
    await keeper.idle(zone);
    await other.all(`create trigger no_gold before insert on objects when new.state like '%gold%'
      begin select raise(abort, 'no gold'); end`);
    const { waiter, done } = wait();
    keeper.add(set(2, { objects: [row(2), row(3, { gold: 1 })] }, true), waiter);
    expect(await done).toBe('store.failed');
    expect(failed).toEqual([`${zone} ${epoch}`]);
    expect(await onDisk()).toEqual([row(1)]);
  });

  it('a row that the database refuses does not hold up the others when nobody waits', async () => {
    const keeper = keeperWith(60_000);
    await other.all(`create trigger no_gold before insert on objects when new.state like '%gold%'
      begin select raise(abort, 'no gold'); end`);
    keeper.add(set(1, { objects: [row(1), row(2, { gold: 1 }), row(3)] }));
    await keeper.idle(zone);
    expect(await onDisk()).toEqual([row(1), row(3)]);
    expect(failed).toEqual([]);
  });

  it('what a life before has sent is nothing to the next', async () => {
    const keeper = keeperWith(60_000);
    const { waiter, done } = wait();
    const stale = set(5, { objects: [row(1)] }, true);
    await store.openZone(zone, 'devtest');
    keeper.add(stale, waiter);
    expect(await done).toBe('zone.interrupted');
    expect(await onDisk()).toEqual([]);
    expect(failed).toEqual([]);
  });
});
