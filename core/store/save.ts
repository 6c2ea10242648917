/** Writes what changed in a zone, whole or not at all. */
import type { Json } from '../contract/content.ts';
import type { KeepFrame, ObjectId, ObjectRow, TimerRow, ZoneId } from '../contract/link.ts';
import type { Value } from './connection.ts';
import { fromLine, fromObject, fromTimer, lineColumns, objectColumns, timerColumns } from './rows.ts';
import { type Upsert, upsert, upsertWhatFits } from './upsert.ts';
import type { Trx } from './writer.ts';

/** Objects that leave the zone with this commit. */
export type SavedMove = {
  readonly to: ZoneId;
  readonly game: string;
  readonly objects: readonly ObjectRow[];
  readonly timers: readonly TimerRow[];
};

/** The answer of a durable call that carried `once`. */
export type OnceAnswer = {
  readonly owner: string;
  readonly once: string;
  /** Unix seconds. */
  readonly at: number;
  readonly tick: number;
  readonly answer: Json;
};

/** How the ids begin under which characters are kept that nobody plays: see characters.ts. */
export const awayPrefix = 'away:';

/** Everything of one zone that goes to disk together. */
export type SaveSet = {
  readonly zone: ZoneId;
  readonly epoch: number;
  readonly tick: number;
  /** Unix seconds. */
  readonly time: number;
  readonly keep: KeepFrame;
  readonly moves: readonly SavedMove[];
  readonly once: readonly OnceAnswer[];
  /** Somebody waits for exactly this: a row that the database refuses fails the whole set. */
  readonly strict: boolean;
};

/** A row that was left out, with the reason. */
export type Refused = { readonly id: ObjectId; readonly message: string };

/** Thrown when the zone has been given to somebody else since: nothing was written. */
export class StaleEpoch extends Error {
  constructor(zone: ZoneId, epoch: number) {
    super(`Zone ${zone} is no longer in epoch ${epoch}`);
    this.name = 'StaleEpoch';
  }
}

const objects: Upsert = {
  table: 'objects',
  columns: objectColumns,
  keys: ['id'],
  // What has moved on belongs to another zone.
  where: 'old.zone = excluded.zone',
};
const movedObjects: Upsert = { table: 'objects', columns: objectColumns, keys: ['id'] };
const timers: Upsert = { table: 'timers', columns: timerColumns, keys: ['zone', 'object', 'script', 'name'] };

/** @throws StaleEpoch when the epoch is not the zone's any more. */
export async function save(trx: Trx, set: SaveSet, linesKept: number): Promise<readonly Refused[]> {
  await saveZone(trx, set);
  await removeObjects(trx, set.zone, set.keep.removed);
  const refused = await saveObjects(trx, set);
  await saveTimers(trx, set.zone, set.keep.timers);
  for (const move of set.moves) await saveMove(trx, set.zone, move);
  await saveLines(trx, set, linesKept);
  await saveOnce(trx, set.once);
  return refused;
}

async function saveZone(trx: Trx, { zone, epoch, tick, time, keep }: SaveSet): Promise<void> {
  const hit = await trx.run(
    `update zones set tick = ?, populated = ?, state = ?, keep = ?, pending = ?, next_due = ?, changed = ?
     where id = ? and epoch = ? returning id`,
    [
      tick,
      keep.populated ? 1 : 0,
      JSON.stringify(keep.state),
      JSON.stringify(keep.keep),
      JSON.stringify(keep.pending),
      keep.nextDue,
      time,
      zone,
      epoch,
    ],
  );
  if (hit.length !== 1) throw new StaleEpoch(zone, epoch);
}

async function removeObjects(trx: Trx, zone: ZoneId, ids: readonly ObjectId[]): Promise<void> {
  for (const part of chunks(ids)) {
    const marks = part.map(() => '?').join(', ');
    await trx.run(`delete from objects where zone = ? and id in (${marks})`, [zone, ...part]);
    await trx.run(`delete from timers where zone = ? and object in (${marks})`, [zone, ...part]);
  }
}

async function saveObjects(trx: Trx, set: SaveSet): Promise<readonly Refused[]> {
  const rows = set.keep.objects.map((row) => fromObject(set.zone, row));
  if (set.strict) {
    await upsert(trx, objects, rows);
    return [];
  }
  const refused = await upsertWhatFits(trx, objects, rows);
  return refused.map(({ index, message }) => ({ id: (set.keep.objects[index] as ObjectRow).id, message }));
}

async function saveTimers(trx: Trx, zone: ZoneId, changed: KeepFrame['timers']): Promise<void> {
  const rows: Value[][] = [];
  for (const timer of changed) {
    if (timer.due === null) {
      await trx.run('delete from timers where zone = ? and object = ? and script = ? and name = ?', [
        zone,
        timer.object,
        timer.script,
        timer.name,
      ]);
    } else rows.push(fromTimer(zone, { ...timer, due: timer.due }));
  }
  await upsert(trx, timers, rows);
}

/**
 * Gives what leaves a zone to another, in whose name it is from now on.
 * @throws Error when some of it is elsewhere by now: the zone only thinks that it has it.
 */
export async function saveMove(trx: Trx, from: ZoneId, move: SavedMove): Promise<void> {
  await ensureZone(trx, move.to, move.game);
  const ids = move.objects.map((row) => row.id);
  for (const part of chunks(ids)) {
    const marks = part.map(() => '?').join(', ');
    const [other] = await trx.run(`select id, zone from objects where zone <> ? and id in (${marks})`, [from, ...part]);
    if (other) throw new Error(`object ${other.id} cannot be moved out of ${from}: it is in ${other.zone}`);
    await trx.run(`delete from timers where zone = ? and object in (${marks})`, [from, ...part]);
  }
  await upsert(
    trx,
    movedObjects,
    move.objects.map((row) => fromObject(move.to, row)),
  );
  await upsert(
    trx,
    timers,
    move.timers.map((timer) => fromTimer(move.to, timer)),
  );
  // Who is away wakes nobody.
  const [first] = move.to.startsWith(awayPrefix) ? [] : [...move.timers].sort((a, b) => a.due - b.due);
  if (first) {
    await trx.run('update zones set next_due = ? where id = ? and (next_due is null or next_due > ?)', [
      first.due,
      move.to,
      first.due,
    ]);
  }
}

/** The zone's row, made when it is not there yet. */
export async function ensureZone(trx: Trx, zone: ZoneId, game: string): Promise<void> {
  await trx.run('insert into zones (id, game) values (?, ?) on conflict (id) do nothing', [zone, game]);
}

async function saveLines(trx: Trx, { zone, keep }: SaveSet, linesKept: number): Promise<void> {
  if (keep.lines.length === 0) return;
  const one = `(${lineColumns.map(() => '?').join(', ')})`;
  for (const part of chunks(keep.lines)) {
    await trx.run(
      `insert into lines (${lineColumns.join(', ')}) values ${part.map(() => one).join(', ')}`,
      part.flatMap((line) => fromLine(zone, line)),
    );
  }
  if (keep.lines.every((line) => line.player)) return;
  await trx.run(
    `delete from lines where zone = ? and player = 0 and id <=
     (select id from lines where zone = ? and player = 0 order by id desc limit 1 offset ?)`,
    [zone, zone, linesKept],
  );
}

async function saveOnce(trx: Trx, answers: readonly OnceAnswer[]): Promise<void> {
  for (const { owner, once, at, tick, answer } of answers) {
    await trx.run(
      `insert into once_answers (owner, once, answered_at, tick, answer) values (?, ?, ?, ?, ?)
       on conflict (owner, once) do update
       set answered_at = excluded.answered_at, tick = excluded.tick, answer = excluded.answer`,
      [owner, once, at, tick, JSON.stringify(answer)],
    );
  }
}

/** Values of one statement are bounded. */
function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += 500) yield items.slice(from, from + 500);
}
