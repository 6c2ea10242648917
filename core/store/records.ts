/**
 * Any record of the database by its type (its table) and its key: what `roost data` shows and makes. Types are found in the
 * database itself, so that tables of plugins are there too.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HostError } from '../contract/errors.ts';
import type { Db, Row } from '../contract/ports.ts';
import { openConnection, type Value } from './connection.ts';
import { databaseName } from './folder.ts';
import { readSchema } from './migrate.ts';
import { notWritten } from './outcome.ts';

export type Field = {
  readonly name: string;
  readonly takes: 'text' | 'whole number' | 'number';
  /** A new record has to bring it. */
  readonly required: boolean;
  /** It may be null. */
  readonly nullable: boolean;
  readonly isKey: boolean;
};

export type RecordType = { readonly name: string; readonly fields: readonly Field[] };

export interface Records {
  /** Steps that the database was migrated by. */
  readonly schema: number;
  types(): Promise<readonly RecordType[]>;
  count(type: RecordType): Promise<number>;
  /** In the order of their keys. */
  find(type: RecordType, where: ReadonlyMap<string, Value>, most: number): Promise<readonly Row[]>;
  close(): Promise<void>;
}

type Run = (sql: string, values?: readonly Value[]) => Promise<readonly Row[]>;

/** How long a node that is checkpointing may keep its database to itself. */
const patienceMs = 5_000;

/**
 * Opens the database of a folder for reading; a node may be running on it: what it has committed is seen.
 * @throws HostError `data.missing`, `data.not-written` when it cannot be read
 */
export async function openRecords(folder: string): Promise<Records> {
  const file = join(folder, databaseName);
  if (!existsSync(file))
    throw new HostError('data.missing', `"${folder}" holds no ${databaseName}: roost data init makes it`);
  const wrong = (error: unknown) => Promise.reject(notWritten(`Cannot read the data folder "${folder}"`, error));
  const pragmas = ['pragma query_only = on', `pragma busy_timeout = ${patienceMs}`];
  const reader = await openConnection(file, pragmas).catch(wrong);
  const run: Run = (sql, values) => reader.all(sql, values);
  const schema = await readSchema(run).catch(async (error: unknown) => {
    await reader.close();
    return await wrong(error);
  });
  return {
    schema,
    types: () => readTypes(run),
    async count({ name }) {
      const [row] = await run(`select count(*) as count from ${quoted(name)}`);
      return Number(row?.count);
    },
    find: (type, where, most) => findRecords(run, type, where, most),
    close: () => reader.close(),
  };
}

/**
 * Adds one record.
 * @throws HostError `data.not-written` with what the database has against it: a key that is taken, a reference to nothing
 */
export async function createRecord(db: Db, { name }: RecordType, values: ReadonlyMap<string, Value>): Promise<Row> {
  const columns = [...values.keys()];
  const marks = columns.map(() => '?').join(', ');
  const sql = `insert into ${quoted(name)} (${columns.map(quoted).join(', ')}) values (${marks}) returning *`;
  try {
    const [row] = await db.transaction((trx) => trx.run(sql, [...values.values()]));
    return row ?? {};
  } catch (error) {
    throw new HostError('data.not-written', `Cannot create a record of ${name}: ${said(error)}`);
  }
}

/** Types as a database that this process has open knows them. */
export function typesOf(db: Db): Promise<readonly RecordType[]> {
  return readTypes((sql, values) => db.read(sql, values));
}

/** By its name, or by the name of one: `object` for `objects`. */
export function findType(types: readonly RecordType[], name: string): RecordType | undefined {
  return types.find((type) => type.name === name) ?? types.find((type) => type.name === `${name}s`);
}

async function readTypes(run: Run): Promise<readonly RecordType[]> {
  const tables = await run(
    `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`,
  );
  return await Promise.all(
    tables.map(async ({ name }) => {
      const columns = await run('select * from pragma_table_info(?)', [String(name)]);
      return { name: String(name), fields: columns.map((column) => toField(column, columns)) };
    }),
  );
}

function toField(column: Row, columns: readonly Row[]): Field {
  const declared = String(column.type).toLowerCase();
  const isKey = Number(column.pk) > 0;
  const hasDefault = column.dflt_value !== null;
  // SQLite numbers a single whole-number key by itself.
  const isNumbered = declared === 'integer' && isKey && columns.filter(({ pk }) => Number(pk) > 0).length === 1;
  const mustBe = column.notnull === 1 || (isKey && !isNumbered);
  return {
    name: String(column.name),
    takes: declared.includes('int') ? 'whole number' : /real|doub|floa|num/.test(declared) ? 'number' : 'text',
    required: mustBe && !hasDefault,
    nullable: !mustBe,
    isKey,
  };
}

async function findRecords(run: Run, type: RecordType, where: ReadonlyMap<string, Value>, most: number) {
  const conditions = [...where.keys()].map((name) => `${quoted(name)} is ?`).join(' and ');
  const keys = type.fields.filter(({ isKey }) => isKey).map(({ name }) => quoted(name));
  const order = keys.length > 0 ? ` order by ${keys.join(', ')}` : '';
  const sql = `select * from ${quoted(type.name)}${conditions && ` where ${conditions}`}${order} limit ?`;
  return await run(sql, [...where.values(), most]);
}

/** Names come from the database itself; a quote in one stays part of it. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What SQLite said, without its statement. */
function said(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(message.lastIndexOf('SQLITE_')).replace(/^SQLITE_\w+: /, '');
}
