import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeepFrame, Line, ObjectRow } from '../../core/contract/link.ts';
import { type Connection, openConnection } from '../../core/store/connection.ts';
import { counterOf, toId } from '../../core/store/ids.ts';
import { openRecords } from '../../core/store/records.ts';
import { type SaveSet, StaleEpoch } from '../../core/store/save.ts';
import { openStore, type Store, type StoreOptions } from '../../core/store/store.ts';
import { newRow } from '../../core/zone/new-row.ts';
import { silentLog, systemClock } from '../support/quiet.ts';

const zone = 'devtest/den';
let folder: string;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-store-'));
});

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await rm(folder, { recursive: true, force: true });
});

async function openHere(options: Partial<StoreOptions> = {}): Promise<Store> {
  const usual = { folder, log: silentLog, clock: systemClock, deadlineMs: 5_000, linesKept: 1_000 };
  const store = await openStore({ ...usual, ...options });
  open.push(store);
  return store;
}

/** Another program's connection to the same file. */
async function openBeside(): Promise<Connection> {
  const connection = await openConnection(join(folder, 'roost.db'), ['pragma busy_timeout = 0']);
  open.push(connection);
  return connection;
}

function row(counter: number, more: Partial<ObjectRow> = {}): ObjectRow {
  return newRow(toId(1, counter), 'crate', {
    ...{ x: 1 / 3, y: 2.5, angle: -0.1, vy: 1e-17, changed: 1_700_000_000.25, changedTick: 7 },
    ...more,
  });
}

function set(epoch: number, tick: number, keep: Partial<KeepFrame> = {}, more: Partial<SaveSet> = {}): SaveSet {
  return {
    zone,
    epoch,
    tick,
    time: 1_700_000_001,
    keep: {
      populated: true,
      state: {},
      keep: {},
      pending: [],
      objects: [],
      removed: [],
      timers: [],
      lines: [],
      nextDue: null,
      ...keep,
    },
    moves: [],
    once: [],
    strict: false,
    ...more,
  };
}

function line(text: string, player: boolean, at = 1): Line {
  return { from: toId(1, 1), name: 'Hen', x: 0, y: 0, text, at, player };
}

describe('what a zone saves', () => {
  it('PER-01 objects, timers and the zone itself come back as they were, also after closing', async () => {
    const first = await openHere();
    const { epoch } = await first.openZone(zone, 'devtest');
    const chest = row(1, {
      name: 'Chest “é\u{1f414}”',
      look: { shape: 'box', color: '#fff' },
      words: ['hidden'],
      scripts: ['lamp'],
      state: { deep: { list: [1, null, 'two', { three: 1e300 }] } },
      own: { gold: 0.1 },
      keep: { secret: { chest: { key: 'k' } } },
      tiledId: 12,
    });
    const coin = row(2, { holder: chest.id, physical: false, owner: 'guest:0123456789abcdef' });
    const timer = { object: chest.id, script: 'chest', name: 'close', due: 1e9 + 0.125, every: 30, data: { n: [1] } };
    const pending = [{ to: chest.id, from: coin.id, name: 'rattle', data: 1 }];
    await first.save(
      set(epoch, 40, { objects: [chest, coin], timers: [timer], state: { night: true }, keep: { v: 1 }, pending }),
    );
    await first.close();

    const second = await openHere();
    const found = await second.openZone(zone, 'devtest');
    expect(found.epoch).toBe(epoch + 1);
    expect(found.saved).toEqual({
      populated: true,
      tick: 40,
      state: { night: true },
      keep: { v: 1 },
      pending,
      objects: [chest, coin],
      timers: [timer],
    });
  });

  it('PER-01 a timer that is gone and an object that is removed are gone, with the timers of the object', async () => {
    const store = await openHere();
    const { epoch } = await store.openZone(zone, 'devtest');
    const timer = (object: string, name: string) => ({ object, script: 's', name, due: 5, every: null, data: null });
    const [a, b] = [row(1), row(2)];
    await store.save(
      set(epoch, 1, { objects: [a, b], timers: [timer(a.id, 'x'), timer(a.id, 'y'), timer(b.id, 'x')] }),
    );
    await store.save(set(epoch, 2, { removed: [b.id], timers: [{ ...timer(a.id, 'x'), due: null }] }));
    const { saved } = await store.openZone(zone, 'devtest');
    expect(saved.objects).toEqual([a]);
    expect(saved.timers).toEqual([timer(a.id, 'y')]);
  });

  it('a set of an old epoch changes nothing', async () => {
    const store = await openHere();
    const { epoch } = await store.openZone(zone, 'devtest');
    await store.save(set(epoch, 1, { objects: [row(1)] }));
    await store.openZone(zone, 'devtest');
    await expect(store.save(set(epoch, 9, { removed: [row(1).id], objects: [row(2)] }))).rejects.toThrow(StaleEpoch);
    const { saved } = await store.openZone(zone, 'devtest');
    expect(saved.tick).toBe(1);
    expect(saved.objects).toEqual([row(1)]);
  });

  it('an object that has moved on is neither taken back nor deleted by the zone it left', async () => {
    const store = await openHere();
    const { epoch } = await store.openZone(zone, 'devtest');
    const timer = { object: row(1).id, script: 's', name: 'x', due: 9, every: null, data: null };
    await store.save(set(epoch, 1, { objects: [row(1)], timers: [timer] }));
    const moves = [{ to: 'devtest/hall', game: 'devtest', objects: [row(1, { x: 9 })], timers: [timer] }];
    await store.save(set(epoch, 2, {}, { moves }));
    await store.save(set(epoch, 3, { objects: [row(1, { x: 5 })], removed: [] }));
    await store.save(set(epoch, 4, { removed: [row(1).id] }));
    const there = await store.openZone('devtest/hall', 'devtest');
    expect(there.saved.objects).toEqual([row(1, { x: 9 })]);
    expect(there.saved.timers).toEqual([timer]);
    expect((await store.openZone(zone, 'devtest')).saved.objects).toEqual([]);
    expect(await store.due()).toEqual([{ zone: 'devtest/hall', due: 9 }]);
  });

  it('one row that the database refuses does not take the others along, unless somebody waits for it', async () => {
    const store = await openHere();
    const { epoch } = await store.openZone(zone, 'devtest');
    const rows = Array.from({ length: 33 }, (_, i) => row(i + 1));
    const bad = { ...row(99), id: 'too short' };
    const mixed = [...rows.slice(0, 20), bad, ...rows.slice(20)];
    await expect(store.save(set(epoch, 1, { objects: mixed }, { strict: true }))).rejects.toMatchObject({
      code: 'SQLITE_CONSTRAINT',
    });
    expect((await store.openZone(zone, 'devtest')).saved.objects).toEqual([]);
    const refused = await store.save(set(epoch + 1, 1, { objects: mixed }));
    expect(refused).toEqual([{ id: 'too short', message: expect.stringContaining('CHECK') }]);
    expect((await store.openZone(zone, 'devtest')).saved.objects).toEqual(rows);
  });

  it('keeps every line of players and the newest of the others', async () => {
    const store = await openHere({ linesKept: 3 });
    const { epoch } = await store.openZone(zone, 'devtest');
    const said = Array.from({ length: 10 }, (_, i) => line(`${i}`, i % 2 === 0, i));
    for (const [i, one] of said.entries()) await store.save(set(epoch, i, { lines: [one] }));
    const kept = await store.lines(zone, 0, 100);
    expect(kept.map((one) => one.text)).toEqual(['0', '2', '4', '5', '6', '7', '8', '9']);
    expect((await store.lines(zone, 8, 100)).map((one) => one.text)).toEqual(['8', '9']);
    expect((await store.lines(zone, 0, 2)).map((one) => one.text)).toEqual(['8', '9']);
  });

  it('the answer of a call marked once is there with its commit and ends with its time', async () => {
    const store = await openHere();
    const { epoch } = await store.openZone(zone, 'devtest');
    const once = [{ owner: 'guest:a', once: 'k', at: 100, tick: 3, answer: { eggs: 1 } }];
    await store.save(set(epoch, 3, {}, { once }));
    expect(await store.onceAnswer('guest:a', 'k', 50)).toEqual({ tick: 3, answer: { eggs: 1 } });
    expect(await store.onceAnswer('guest:b', 'k', 50)).toBeNull();
    expect(await store.onceAnswer('guest:a', 'k', 101)).toBeNull();
    await store.forgetOnce(101);
    expect(await store.onceAnswer('guest:a', 'k', 50)).toBeNull();
  });

  it('a zone that is reset starts over, under a later epoch', async () => {
    const store = await openHere();
    const { epoch } = await store.openZone(zone, 'devtest');
    await store.save(set(epoch, 5, { objects: [row(1)], lines: [line('hi', true)] }));
    expect(await store.resetZone(zone)).toBe(true);
    expect(await store.resetZone('devtest/never')).toBe(false);
    const again = await store.openZone(zone, 'devtest');
    expect(again.epoch).toBeGreaterThan(epoch);
    expect(again.saved).toMatchObject({ populated: false, tick: 0, objects: [] });
    expect(await store.lines(zone, 0, 10)).toEqual([]);
  });
});

describe('characters of accounts', () => {
  const mine = { kind: 'hen', owner: 'character:0123456789abcdef' };
  const [hen, egg, coop, guest] = [
    row(1, mine),
    row(2, { holder: row(1).id }),
    row(3, { kind: 'coop', owner: mine.owner }),
    row(4, { kind: 'hen', owner: 'guest:0123456789abcdef' }),
  ];
  const timer = { object: hen.id, script: 'hen', name: 'lay', due: 9, every: null, data: null };
  const life = (character: string, arriving: readonly string[] | null = []) => ({
    ...{ character, arriving: arriving === null ? null : () => new Set(arriving) },
  });
  const fill = async (store: Store, epoch: number) => {
    await store.save(set(epoch, 1, { objects: [hen, egg, coop, guest], timers: [timer] }, { strict: true }));
  };

  it('CHR-05 are away when their zone starts, with what they hold; what else they own stays', async () => {
    const store = await openHere();
    await fill(store, (await store.openZone(zone, 'devtest', life('hen'))).epoch);
    expect((await store.openZone(zone, 'devtest', life('hen', null))).saved.objects).toEqual([hen, egg, coop, guest]);
    const { saved } = await store.openZone(zone, 'devtest', life('hen'));
    expect(saved).toMatchObject({ objects: [coop, guest], timers: [] });
    expect(await store.characters.owned(mine.owner)).toEqual([
      { id: hen.id, kind: 'hen', zone, away: true, played: true },
      { id: coop.id, kind: 'coop', zone, away: false, played: false },
    ]);
  });

  it('CHR-05 who is on the way into a zone that starts is not put away', async () => {
    const store = await openHere();
    await fill(store, (await store.openZone(zone, 'devtest', life('hen'))).epoch);
    const { saved } = await store.openZone(zone, 'devtest', life('hen', [hen.id]));
    expect(saved).toMatchObject({ objects: [hen, egg, coop, guest], timers: [timer] });
  });

  it('CHR-05 are away also when the game plays another kind by then, and over a recovery', async () => {
    const store = await openHere();
    await fill(store, (await store.openZone(zone, 'devtest', life('hen'))).epoch);
    const { epoch } = await store.openZone(zone, 'devtest', life('duck', null));
    const duck = row(5, { kind: 'duck', owner: 'character:1123456789abcdef' });
    await store.save(set(epoch, 2, { objects: [duck] }, { strict: true }));
    expect((await store.openZone(zone, 'devtest', life('goose'))).saved.objects).toEqual([coop, guest]);
    expect(await store.characters.owned(duck.owner as string)).toMatchObject([
      { id: duck.id, away: true, played: true },
    ]);
  });

  it('CHR-05 outlive a reset of the zone that they are in', async () => {
    const store = await openHere();
    await fill(store, (await store.openZone(zone, 'devtest', life('hen'))).epoch);
    expect(await store.resetZone(zone)).toBe(true);
    expect((await store.openZone(zone, 'devtest', life('hen'))).saved).toMatchObject({ objects: [], timers: [] });
    expect(await store.characters.read(hen.id)).toEqual([hen, egg]);
    const back = { object: hen.id, from: zone, to: zone, game: 'devtest', place: (one: ObjectRow) => one };
    expect(await store.characters.bringBack(back)).toEqual({ objects: [hen, egg], timers: [timer] });
  });

  it('CHR-05 are not moved by a zone that has them no more', async () => {
    const store = await openHere();
    const { epoch } = await store.openZone(zone, 'devtest', life('hen'));
    await fill(store, epoch);
    await store.characters.putAway(hen.id, zone, 'devtest');
    const moves = [{ to: 'devtest/hall', game: 'devtest', objects: [hen, egg], timers: [] }];
    await expect(store.save(set(epoch, 2, {}, { moves, strict: true }))).rejects.toThrow('cannot be moved');
    expect(await store.characters.owned(mine.owner)).toMatchObject([{ id: hen.id, away: true }, { id: coop.id }]);
  });
});

describe('ids', () => {
  it('PER-02 blocks never overlap, in one life or over several', async () => {
    const firsts: string[] = [];
    for (let life = 0; life < 3; life++) {
      const store = await openHere();
      const blocks = await Promise.all([store.takeIds(1), store.takeIds(2), store.takeIds(1)]);
      for (const block of blocks)
        for (let i = 0; i < block.count; i += 1_024) firsts.push(toId(1, counterOf(block.first) + i));
      await store.close();
    }
    expect(new Set(firsts).size).toBe(12);
    expect(firsts.every((id) => id.startsWith('0001') && id.length === 16)).toBe(true);
  });

  it('PER-02 counters stay exact up to 48 bits', () => {
    expect(toId(65_535, 2 ** 48 - 1)).toBe('ffffffffffffffff');
    expect(counterOf('ffffffffffffffff')).toBe(2 ** 48 - 1);
  });
});

describe('the database is busy', () => {
  it('PER-08 a write waits while another program has the database, and then happens', async () => {
    const store = await openHere();
    const { epoch } = await store.openZone(zone, 'devtest');
    const other = await openBeside();
    await other.all('begin immediate');
    const saved = store.save(set(epoch, 1, { objects: [row(1)] }));
    expect(await store.db.read('select count(*) as n from objects')).toEqual([{ n: 0 }]);
    await other.all('commit');
    await saved;
    expect(await store.db.read('select count(*) as n from objects')).toEqual([{ n: 1 }]);
  });

  it('PER-08 a write that waits too long is refused with store.busy; the next one works', async () => {
    const store = await openHere({ deadlineMs: 150 });
    const { epoch } = await store.openZone(zone, 'devtest');
    const other = await openBeside();
    await other.all('begin immediate');
    await expect(store.save(set(epoch, 1))).rejects.toMatchObject({ code: 'store.busy' });
    await other.all('rollback');
    await store.save(set(epoch, 2));
    expect((await store.openZone(zone, 'devtest')).saved.tick).toBe(2);
  });

  it('a transaction of a plugin that never ends is rolled back, and cannot write afterwards', async () => {
    const store = await openHere({ deadlineMs: 150 });
    await store.db.transaction((trx) => trx.run('create table notes (body text)'));
    let late: (() => Promise<unknown>) | undefined;
    const stuck = store.db.transaction(async (trx) => {
      await trx.run(`insert into notes values ('half')`);
      late = () => trx.run(`insert into notes values ('late')`);
      await new Promise(() => {});
    });
    await expect(stuck).rejects.toMatchObject({ code: 'store.busy' });
    await expect(late?.()).rejects.toMatchObject({ code: 'store.busy' });
    expect(await store.db.read('select * from notes')).toEqual([]);
  });

  it('PER-04 a transaction that fails leaves nothing behind', async () => {
    const store = await openHere();
    await store.db.transaction((trx) => trx.run('create table notes (body text)'));
    const failing = store.db.transaction(async (trx) => {
      await trx.run(`insert into notes values ('half')`);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await store.db.read('select * from notes')).toEqual([]);
  });

  it('what plugins read with cannot write', async () => {
    const store = await openHere();
    await expect(store.db.read(`delete from zones`)).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
  });
});

describe('the data folder', () => {
  it('is for its owner alone', async () => {
    await openHere();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'roost.db'))).mode & 0o077).toBe(0);
  });

  it('is shut when it was open, but not when it holds other things: somebody else needs those', async () => {
    await chmod(folder, 0o755);
    await (await openHere()).close();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'letters.txt'), '');
    const told: object[] = [];
    await openHere({ log: { ...silentLog, warn: (fields) => told.push(fields) } });
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
    expect(told).toEqual([{ folder, holds: ['letters.txt'] }]);
    expect((await stat(join(folder, 'roost.db'))).mode & 0o077).toBe(0);
  });

  it('that cannot be one, or whose database is broken, is refused in words', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(openHere({ folder: file })).rejects.toMatchObject({
      code: 'data.not-written',
      message: expect.stringContaining(`Cannot use the data folder "${file}": EEXIST`),
    });
    await writeFile(join(folder, 'roost.db'), 'no database '.repeat(1_000));
    await expect(openHere()).rejects.toMatchObject({
      code: 'data.not-written',
      message: expect.stringMatching(/SQLITE_NOTADB.*roost restore FILE/),
    });
    await expect(openRecords(folder)).rejects.toMatchObject({ code: 'data.not-written' });
  });

  it('is used by one process at a time', async () => {
    await openHere();
    await expect(openHere()).rejects.toMatchObject({
      code: 'data.in-use',
      message: expect.stringContaining(`process ${process.pid} has it`),
    });
  });

  it('is free again at once when its process is killed, whatever it was doing', async () => {
    const script = `
      const { openStore } = await import(${JSON.stringify(new URL('../../core/store/store.ts', import.meta.url).href)});
      const quiet = () => {};
      const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
      const store = await openStore({ folder: process.argv[1], log, clock: { now: () => 0, monotonicMs: () => 0 }, deadlineMs: 5000, linesKept: 10 });
      await store.takeIds(1);
      console.log('open');
      for (;;) await store.takeIds(1);`;
    for (let life = 0; life < 3; life++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      await expect(openHere()).rejects.toMatchObject({ code: 'data.in-use' });
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await expect(openHere()).resolves.toBeDefined();
  });

  it('of a newer Roost is refused', async () => {
    const store = await openHere();
    await store.db.transaction((trx) => trx.run(`update meta set value = '999' where name = 'schema'`));
    await store.close();
    await expect(openHere()).rejects.toMatchObject({ code: 'data.newer' });
  });
});
