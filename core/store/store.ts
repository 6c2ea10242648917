/**
 * What outlives the process: one SQLite file (`roost.db`) in a folder that only this process uses.
 * One connection writes, one reads. Nothing outside core/store knows which database it is.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Json, JsonObject } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { IdBlock, Line, ObjectId, Pending, ZoneId, ZoneSaved } from '../contract/link.ts';
import type { Clock, Db, Guests, Log, Row } from '../contract/ports.ts';
import { type AwayCharacters, createCharacters, putAllAway } from './characters.ts';
import { type Connection, openConnection } from './connection.ts';
import { databaseName, makeFolder } from './folder.ts';
import { createGuests } from './guests.ts';
import { allotPartition, takeBlock } from './ids.ts';
import { lockFolder } from './lock.ts';
import { migrate } from './migrate.ts';
import { json, toLine, toObject, toTimer } from './rows.ts';
import { ensureZone, type Refused, type SaveSet, save } from './save.ts';

export { type AwayCharacters, awayFrom, type Found } from './characters.ts';
export { type OnceAnswer, type SavedMove, type SaveSet, StaleEpoch } from './save.ts';
export { everywhere, type GoodBuild, type ScriptKill, type Scripts } from './scripts.ts';
export { isAway } from './upsert.ts';

import { notWritten, toOutcome } from './outcome.ts';
import { createScripts, type Scripts } from './scripts.ts';
import { createWriter, type Trx, type Writer } from './writer.ts';

export type StoreOptions = {
  /** Made with access for its owner alone. */
  readonly folder: string;
  readonly log: Log;
  readonly clock: Clock;
  /** Longest a write may wait and take, then `store.busy`. */
  readonly deadlineMs: number;
  /** Lines not spoken by players that are kept of each zone. */
  readonly linesKept: number;
};

/** A zone as it was committed, under its new epoch. */
export type OpenedZone = { readonly epoch: number; readonly saved: ZoneSaved };

/** What begins when a zone is opened. */
export type NewLife = {
  /** The kind that players control. */
  readonly character: string;
  /** Null when the zone recovers: who was in it stays. Else those who are on their way into the zone that starts. */
  readonly arriving: (() => ReadonlySet<ObjectId>) | null;
};

/** A zone that is not loaded and has a timer. */
export type DueZone = { readonly zone: ZoneId; readonly due: number };

export interface Store {
  /** For plugins. */
  readonly db: Db;
  readonly guests: Guests;
  readonly scripts: Scripts;
  readonly characters: AwayCharacters;
  /** Writes a value, to see whether the disk takes one. @throws HostError store.busy; whatever the database says otherwise */
  probe(): Promise<void>;
  /** Transactions that wait for the one writer, with the one that runs. */
  queued(): number;
  /** What was committed of a zone, for a copy of it: nothing changes. Null when there is nothing. */
  peekZone(zone: ZoneId): Promise<ZoneSaved | null>;
  /**
   * Raises the zone's epoch and reads what was committed, in one transaction. When the zone starts, characters of
   * accounts that stand there are put away.
   */
  openZone(zone: ZoneId, game: string, life?: NewLife): Promise<OpenedZone>;
  /** @throws StaleEpoch, HostError store.busy; whatever the database says about the rows otherwise. */
  save(set: SaveSet): Promise<readonly Refused[]>;
  takeIds(blocks: number): Promise<IdBlock>;
  /** Lines said in a zone since (Unix seconds), the newest `limit`, oldest first. */
  lines(zone: ZoneId, since: number, limit: number): Promise<readonly Line[]>;
  /** The first answer of a call marked `once`, when it is not older than `since`. */
  onceAnswer(
    owner: string,
    once: string,
    since: number,
  ): Promise<{ readonly tick: number; readonly answer: Json } | null>;
  forgetOnce(before: number): Promise<void>;
  /** Zones with a due time, earliest first. */
  due(): Promise<readonly DueZone[]>;
  /**
   * Removes everything of the zone: it starts over. The epoch goes on, and characters of accounts are put away. False
   * when there was nothing.
   */
  resetZone(zone: ZoneId): Promise<boolean>;
  /** The same, and nothing is left that says that there was one. @throws HostError store.* */
  removeZone(zone: ZoneId): Promise<void>;
  close(): Promise<void>;
}

/** What the write-ahead log may keep of the disk once it is done with: while a backup reads, it may grow to any size. */
const logKeptBytes = 64 * 1_048_576;

const pragmas = [
  'pragma journal_mode = wal',
  'pragma synchronous = full',
  'pragma foreign_keys = on',
  `pragma journal_size_limit = ${logKeptBytes}`,
];

/**
 * Opens the folder's database, making or migrating it.
 * @throws HostError `data.in-use`, `data.newer`, `data.not-written` when the disk or the database refuses
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  try {
    return await open(options);
  } catch (error) {
    // What has no code is a fault of ours, and wants its stack.
    if ((error as { readonly code?: unknown }).code === undefined) throw error;
    throw notWritten(`Cannot use the data folder "${options.folder}"`, error);
  }
}

async function open(options: StoreOptions): Promise<Store> {
  const { folder, log } = options;
  // For the whole process: the database's side files and everything after it are for its owner alone.
  process.umask(0o077);
  await makeFolder(folder, log);
  const undo: (() => Promise<void>)[] = [];
  try {
    const lock = await lockFolder(folder);
    undo.unshift(() => lock.close());
    const file = join(folder, databaseName);
    const writer = createWriter(
      await openConnection(file, [...pragmas, 'pragma busy_timeout = 100']),
      options.deadlineMs,
    );
    undo.unshift(() => writer.close());
    await migrate(writer);
    const partition = await allotPartition(writer, await nodeName(writer));
    const reader = await openConnection(file, [...pragmas, 'pragma query_only = on', 'pragma busy_timeout = 1000']);
    undo.unshift(() => reader.close());
    const guests = createGuests(writer, () => options.clock.now());
    const scripts = createScripts(writer, reader);
    const characters = createCharacters(writer, reader);
    return createStore(writer, reader, { guests, scripts, characters }, partition, options.linesKept, undo);
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
}

function createStore(
  writer: Writer,
  reader: Connection,
  memories: Pick<Store, 'guests' | 'scripts' | 'characters'>,
  partition: number,
  linesKept: number,
  undo: readonly (() => Promise<void>)[],
): Store {
  let closing: Promise<void> | null = null;
  return {
    db: {
      read: (sql, values) => reader.all(sql, values).catch(toOutcome),
      transaction: (work) => writer.transaction(work).catch(toOutcome),
    },
    ...memories,
    async probe() {
      await writer.transaction((trx) => trx.run(probing, [randomUUID()]));
    },
    queued: () => writer.queued(),
    // One transaction, so that a commit does not come between its parts.
    peekZone: (zone) =>
      writer.transaction(async (trx) => {
        const [row] = await trx.run('select * from zones where id = ?', [zone]);
        return row ? await readZone(trx, zone, row) : null;
      }),
    openZone: (zone, game, life) => writer.transaction((trx) => openZone(trx, zone, game, life)),
    save: (set) => writer.transaction((trx) => save(trx, set, linesKept)),
    takeIds: (blocks) => takeBlock(writer, partition, blocks),
    async lines(zone, since, limit) {
      const rows = await reader.all('select * from lines where zone = ? and said_at >= ? order by id desc limit ?', [
        zone,
        since,
        limit,
      ]);
      return rows.map(toLine).reverse();
    },
    async onceAnswer(owner, once, since) {
      const [row] = await reader.all(
        'select tick, answer from once_answers where owner = ? and once = ? and answered_at >= ?',
        [owner, once, since],
      );
      return row ? { tick: Number(row.tick), answer: json<Json>(row.answer) } : null;
    },
    async forgetOnce(before) {
      await writer.transaction((trx) => trx.run('delete from once_answers where answered_at < ?', [before]));
    },
    async due() {
      const rows = await reader.all('select id, next_due from zones where next_due is not null order by next_due');
      return rows.map((row) => ({ zone: String(row.id), due: Number(row.next_due) }));
    },
    resetZone: (zone) => writer.transaction((trx) => resetZone(trx, zone)),
    removeZone: (zone) =>
      writer.transaction(async (trx) => {
        if (await resetZone(trx, zone)) await trx.run('delete from zones where id = ?', [zone]);
      }),
    close() {
      closing ??= (async () => {
        for (const step of undo) await step();
      })();
      return closing;
    },
  };
}

/** Always another value: what is there already is not written again. */
const probing = `insert into meta (name, value) values ('probe', ?) on conflict (name) do update set value = excluded.value`;

/** The random name under which this node has its partition. */
async function nodeName(writer: Writer): Promise<string> {
  return await writer.transaction(async (trx) => {
    await trx.run(`insert into meta (name, value) values ('node', ?) on conflict (name) do nothing`, [randomUUID()]);
    const [row] = await trx.run(`select value from meta where name = 'node'`);
    return String(row?.value);
  });
}

async function openZone(trx: Trx, zone: ZoneId, game: string, life?: NewLife): Promise<OpenedZone> {
  await ensureZone(trx, zone, game);
  if (life) await notePlayers(trx, zone, game, life);
  const [row] = await trx.run('update zones set epoch = epoch + 1 where id = ? returning *', [zone]);
  if (!row) throw new HostError('store.failed', `Cannot open zone "${zone}": its row is gone`);
  return { epoch: Number(row.epoch), saved: await readZone(trx, zone, row) };
}

/** Of another kind than today's are characters from before the game changed it. */
async function notePlayers(trx: Trx, zone: ZoneId, game: string, { character, arriving }: NewLife): Promise<void> {
  const [row] = await trx.run('select players from zones where id = ?', [zone]);
  const kinds = [...new Set([...json<readonly string[]>(row?.players ?? '[]'), character])];
  if (arriving) await putAllAway(trx, zone, game, kinds, arriving());
  await trx.run('update zones set players = ? where id = ?', [JSON.stringify(arriving ? [character] : kinds), zone]);
}

async function readZone(trx: Trx, zone: ZoneId, row: Row): Promise<ZoneSaved> {
  const objects = await trx.run('select * from objects where zone = ? order by id', [zone]);
  const timers = await trx.run('select * from timers where zone = ? order by object, script, name', [zone]);
  return {
    populated: row.populated === 1,
    tick: Number(row.tick),
    state: json<JsonObject>(row.state),
    keep: json<JsonObject>(row.keep),
    pending: json<readonly Pending[]>(row.pending),
    objects: objects.map(toObject),
    timers: timers.map(toTimer),
  };
}

async function resetZone(trx: Trx, zone: ZoneId): Promise<boolean> {
  const [row] = await trx.run('select game, players from zones where id = ?', [zone]);
  if (row) await putAllAway(trx, zone, String(row.game), json<readonly string[]>(row.players));
  const hit = await trx.run(
    `update zones set epoch = epoch + 1, populated = 0, tick = 0, state = '{}', keep = '{}', pending = '[]', next_due = null
     where id = ? returning id`,
    [zone],
  );
  for (const table of ['objects', 'timers', 'lines']) await trx.run(`delete from ${table} where zone = ?`, [zone]);
  return hit.length === 1;
}
