/** The real store (core/store), and bare sqlite3 with one prepared upsert of json_each on the same table. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import type { ObjectRow } from '../../core/contract/link.ts';
import type { Log } from '../../core/contract/ports.ts';
import { fromObject, objectColumns } from '../../core/store/rows.ts';
import { openStore } from '../../core/store/store.ts';
import type { Parts, Side } from '../support/side.ts';

/** Objects of a flush, and of the zone that they are from. */
export const perFlush = 500;
const objectCount = 5_000;
const zone = 'bench/pasture';

const fail = (fields: object, text: string): never => {
  throw new Error(`${text}: ${JSON.stringify(fields)}`);
};
const log: Log = { debug() {}, info() {}, warn: fail, error: fail };

/** An object as it is after one more walk: place and state differ every time. */
function rowOf(i: number, flush: number): ObjectRow {
  const at = (flush * 0.37 + i) % 100;
  return {
    ...{ id: `0001${(i + 1).toString(16).padStart(12, '0')}`, kind: 'chicken', name: `Hen ${i}`, look: null },
    ...{ holder: null, x: at, y: 100 - at, angle: at / 50, vx: 0.5, vy: -0.25, scale: 1, speed: 2, owner: null },
    ...{ words: [], physical: true, shape: null, scripts: [], tiledId: i },
    ...{ state: { friend: null, eggs: flush % 7, mood: 'calm' }, own: {} },
    keep: { versions: { chicken: 1 }, secret: { chicken: { homeX: i % 100, homeY: at } } },
    ...{ changed: 1_800_000_000 + flush / 4, changedTick: flush * 5 },
  };
}

function changed(flush: number): readonly ObjectRow[] {
  const first = (flush * perFlush) % objectCount;
  return Array.from({ length: perFlush }, (_, i) => rowOf(first + i, flush));
}

async function makeFolder(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'roost-bench-save-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** One save for each flush, awaited as the keeper does it for a zone. */
async function roost(): Promise<Side> {
  const { folder, remove } = await makeFolder();
  const clock = { now: () => Date.now() / 1_000, monotonicMs: () => performance.now() };
  const store = await openStore({ folder, log, clock, deadlineMs: 5_000, linesKept: 1_000 });
  const { epoch } = await store.openZone(zone, 'bench');
  let flush = 0;
  return {
    async run(flushes) {
      for (let left = flushes; left > 0; left--) {
        flush++;
        const refused = await store.save({
          ...{ zone, epoch, tick: flush * 5, time: 1_800_000_000 + flush / 4, moves: [], once: [], strict: false },
          keep: {
            ...{ populated: true, state: {}, keep: {}, pending: [], removed: [], timers: [], lines: [], nextDue: null },
            objects: changed(flush),
          },
        });
        if (refused.length > 0) throw new Error(`the database refuses ${refused[0]?.message}`);
      }
    },
    async close() {
      await store.close();
      await remove();
    },
  };
}

/** The same rows into a table of the same shape, made by the same migration, under the same pragmas. */
async function bare(): Promise<Side> {
  const { folder, remove } = await makeFolder();
  const clock = { now: () => 0, monotonicMs: () => 0 };
  const made = await openStore({ folder, log, clock, deadlineMs: 5_000, linesKept: 1_000 });
  await made.openZone(zone, 'bench');
  await made.close();
  const db = new sqlite3.Database(join(folder, 'roost.db'));
  const exec = (sql: string) =>
    new Promise<void>((done, failed) => db.exec(sql, (error) => (error ? failed(error) : done())));
  await exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
  const values = objectColumns.map((_, i) => `value ->> ${i}`).join(', ');
  // Neither the key nor the zone changes: the index on it is left alone.
  const updates = objectColumns.slice(2).map((name) => `${name} = excluded.${name}`);
  const upsert = db.prepare(
    `insert into objects (${objectColumns.join(', ')}) select ${values} from json_each(?) where true
     on conflict (id) do update set ${updates.join(', ')}`,
  );
  const run = (json: string) =>
    new Promise<void>((done, failed) => upsert.run(json, (error: Error | null) => (error ? failed(error) : done())));
  let flush = 0;
  return {
    async run(flushes) {
      for (let left = flushes; left > 0; left--) {
        flush++;
        const rows = changed(flush).map((row) => fromObject(zone, row));
        await exec('begin immediate');
        await run(JSON.stringify(rows));
        await exec('commit');
      }
    },
    async close() {
      await new Promise((done) => upsert.finalize(done));
      await new Promise((done) => db.close(done));
      await remove();
    },
  };
}

export const parts: Parts = { roost, bare };
