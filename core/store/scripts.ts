/** What is remembered of designers' builds over the node's lives. */
import type { Program } from '../contract/content.ts';
import type { ZoneId } from '../contract/link.ts';
import type { Held, Quarantined, Row, Swap, SwapOutcome } from '../contract/ports.ts';
import type { Connection } from './connection.ts';
import { json } from './rows.ts';
import type { Trx, Writer } from './writer.ts';

/** A build that passed its probation. */
export type GoodBuild = {
  readonly program: Program;
  /** Shape of its state; null when it was never told. */
  readonly version: number | null;
  /** Unix seconds, like every `at` here. */
  readonly at: number;
};

/** The zone of a verdict that holds in all of them. */
export const everywhere = '*';

/** A worker that a script has ended. */
export type ScriptKill = { readonly path: string; readonly build: string; readonly zone: ZoneId; readonly at: number };

export type ScriptsMemory = {
  /** The newest of a path first. */
  readonly good: readonly GoodBuild[];
  readonly quarantined: readonly Quarantined[];
  readonly kills: readonly ScriptKill[];
  readonly held: readonly Held[];
  /** Swaps that are not decided yet: the end of the node came before. */
  readonly running: readonly Swap[];
  readonly lastSwap: number;
};

export interface Scripts {
  /** @param since  Older kills do not count any more and are removed. */
  read(since: number): Promise<ScriptsMemory>;
  passed(good: GoodBuild): Promise<void>;
  /** All of it or nothing: what must be known before the zone is given again. */
  judge(rows: {
    readonly quarantined?: readonly Quarantined[];
    readonly kill?: ScriptKill | null;
    readonly held?: Held | null;
  }): Promise<void>;
  /** Takes back all that stands against a path. */
  lift(path: string): Promise<void>;
  /** Its good builds are no longer wanted: the file is gone on purpose. */
  forget(path: string): Promise<void>;
  /** Adds it, or replaces the one with its id. The newest 1,000 are kept. */
  swap(swap: Swap): Promise<void>;
  /** The newest first. */
  swaps(limit: number, path?: string): Promise<readonly Swap[]>;
}

const goodKept = 3;
/** Verdicts of one path that are kept. */
const quarantinedKept = 200;
const swapsKept = 1_000;

export function createScripts(writer: Writer, reader: Connection): Scripts {
  return {
    read: (since) => writer.transaction((trx) => read(trx, since)),
    async passed({ program, version, at }) {
      const { path, build, role, name } = program;
      await writer.transaction(async (trx) => {
        await trx.run(
          `insert into builds (path, build, role, name, version, program, passed_at) values (?, ?, ?, ?, ?, ?, ?)
           on conflict (path, build) do update set version = excluded.version, passed_at = excluded.passed_at`,
          [path, build, role, name, version, JSON.stringify(program), at],
        );
        await trx.run(
          `delete from builds where path = ? and build not in
           (select build from builds where path = ? order by passed_at desc limit ${goodKept})`,
          [path, path],
        );
      });
    },
    judge: ({ quarantined = [], kill = null, held = null }) =>
      writer.transaction(async (trx) => {
        for (const one of quarantined) await quarantine(trx, one);
        if (kill) {
          await trx.run('insert into script_kills (id, path, build, zone, at) values (?, ?, ?, ?, ?)', [
            crypto.randomUUID(),
            ...[kill.path, kill.build, kill.zone, kill.at],
          ]);
        }
        if (held) {
          await trx.run(
            `insert into held_scripts (path, why, at) values (?, ?, ?)
             on conflict (path) do update set why = excluded.why, at = excluded.at`,
            [held.path, held.why, held.at],
          );
        }
      }),
    lift: (path) =>
      writer.transaction(async (trx) => {
        for (const table of ['quarantine', 'script_kills', 'held_scripts'])
          await trx.run(`delete from ${table} where path = ?`, [path]);
      }),
    async forget(path) {
      await writer.transaction((trx) => trx.run('delete from builds where path = ?', [path]));
    },
    swap: (swap) => writer.transaction((trx) => writeSwap(trx, swap)),
    async swaps(limit, path) {
      const rows = await (path === undefined
        ? reader.all('select * from swaps order by id desc limit ?', [limit])
        : reader.all('select * from swaps where path = ? order by id desc limit ?', [path, limit]));
      return rows.map(toSwap);
    },
  };
}

async function read(trx: Trx, since: number): Promise<ScriptsMemory> {
  await trx.run('delete from script_kills where at < ?', [since]);
  const good = await trx.run('select * from builds order by path, passed_at desc');
  const quarantined = await trx.run('select * from quarantine order by at');
  const kills = await trx.run('select * from script_kills order by at');
  const held = await trx.run('select * from held_scripts order by path');
  const running = await trx.run(`select * from swaps where outcome = 'running' order by id`);
  const [last] = await trx.run('select max(id) as id from swaps');
  return {
    good: good.map(toGood),
    quarantined: quarantined.map(toQuarantined),
    kills: kills.map(({ path, build, zone, at }) => ({
      ...{ path: String(path), build: String(build) },
      ...{ zone: String(zone), at: Number(at) },
    })),
    held: held.map(({ path, why, at }) => ({ path: String(path), why: String(why), at: Number(at) })),
    running: running.map(toSwap),
    lastSwap: Number(last?.id ?? 0),
  };
}

async function quarantine(trx: Trx, one: Quarantined): Promise<void> {
  const { zone, path, build, script, object, handler, reason, file, line, at } = one;
  await trx.run(
    `insert into quarantine (zone, path, build, script, object, handler, reason, file, line, at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (path, build, zone) do update set object = excluded.object, handler = excluded.handler,
     reason = excluded.reason, file = excluded.file, line = excluded.line, at = excluded.at`,
    [zone, path, build, script, object, handler, reason, file, line, at],
  );
  await trx.run(
    `delete from quarantine where path = ? and at <
     (select min(at) from (select at from quarantine where path = ? order by at desc limit ${quarantinedKept}) as newest)`,
    [path, path],
  );
}

async function writeSwap(trx: Trx, swap: Swap): Promise<void> {
  const { id, at, path, build, former, by, place, outcome, why, line, object, handler, settledAt } = swap;
  await trx.run(
    `insert into swaps (id, at, path, build, former, by_whom, place, outcome, why, line, object, handler, settled_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (id) do update set place = excluded.place, outcome = excluded.outcome, why = excluded.why,
     line = excluded.line, object = excluded.object, handler = excluded.handler, settled_at = excluded.settled_at`,
    [id, at, path, build, former, by, place, outcome, why, line, object, handler, settledAt],
  );
  await trx.run('delete from swaps where id <= ?', [id - swapsKept]);
}

function toGood(row: Row): GoodBuild {
  const version = row.version === null ? null : Number(row.version);
  return { program: json<Program>(row.program), version, at: Number(row.passed_at) };
}

function toQuarantined(row: Row): Quarantined {
  return {
    zone: String(row.zone),
    path: String(row.path),
    build: String(row.build),
    script: String(row.script),
    object: row.object as string | null,
    handler: String(row.handler),
    reason: String(row.reason),
    file: String(row.file),
    line: Number(row.line),
    at: Number(row.at),
  };
}

function toSwap(row: Row): Swap {
  const whole = (value: unknown) => (value === null ? null : Number(value));
  return {
    id: Number(row.id),
    at: Number(row.at),
    path: String(row.path),
    build: String(row.build),
    former: row.former as string | null,
    by: String(row.by_whom),
    place: String(row.place),
    outcome: String(row.outcome) as SwapOutcome,
    why: row.why as string | null,
    line: whole(row.line),
    object: row.object as string | null,
    handler: row.handler as string | null,
    settledAt: whole(row.settled_at),
  };
}
