/** Many rows in one statement, and what to do about the one that the database refuses. */
import type { Value } from './connection.ts';
import type { Trx } from './writer.ts';

export type Upsert = {
  readonly table: string;
  readonly columns: readonly string[];
  readonly keys: readonly string[];
  /** Conflicting rows that do not fit are left as they are; `old` is the table, `excluded` the new row. */
  readonly where?: string;
};

/** Rows of a statement: SQLite takes 32,766 values. */
const chunkRows = 200;

/** Inserts the rows, or updates those whose keys are there already. */
export async function upsert(trx: Trx, into: Upsert, rows: readonly (readonly Value[])[]): Promise<void> {
  for (let from = 0; from < rows.length; from += chunkRows) await run(trx, into, rows.slice(from, from + chunkRows));
}

/**
 * The same, but a row that the database refuses for what it holds does not take the others along: the rows are halved
 * until it stands alone. Gives the indexes of the rows that were left out, with the reason.
 */
export async function upsertWhatFits(
  trx: Trx,
  into: Upsert,
  rows: readonly (readonly Value[])[],
): Promise<{ readonly index: number; readonly message: string }[]> {
  const refused: { index: number; message: string }[] = [];
  const halve = async (from: number, to: number): Promise<void> => {
    await trx.run('savepoint rows_part');
    try {
      await upsert(trx, into, rows.slice(from, to));
      await trx.run('release rows_part');
      return;
    } catch (error) {
      if (!isContent(error)) throw error;
      await trx.run('rollback to rows_part');
      await trx.run('release rows_part');
      if (to - from === 1) refused.push({ index: from, message: (error as Error).message });
    }
    if (to - from === 1) return;
    const middle = (from + to) >> 1;
    await halve(from, middle);
    await halve(middle, to);
  };
  if (rows.length > 0) await halve(0, rows.length);
  return refused;
}

async function run(trx: Trx, into: Upsert, rows: readonly (readonly Value[])[]): Promise<void> {
  const one = `(${into.columns.map(() => '?').join(', ')})`;
  const updates = into.columns.filter((column) => !into.keys.includes(column));
  await trx.run(
    `insert into ${into.table} as old (${into.columns.join(', ')}) values ${rows.map(() => one).join(', ')} ` +
      `on conflict (${into.keys.join(', ')}) do update set ${updates.map((name) => `${name} = excluded.${name}`).join(', ')}` +
      (into.where ? ` where ${into.where}` : ''),
    rows.flat(),
  );
}

/** Whether it was the database that was at fault (busy, full, read-only, gone): the same may work when it is back. */
export function isAway(error: unknown): boolean {
  const code = String((error as { code?: string }).code);
  return code === 'store.busy' || (code.startsWith('SQLITE_') && !isContent(error));
}

/** Whether it was the rows that were at fault: the same statement with other rows may work. */
function isContent(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === 'SQLITE_CONSTRAINT' || code === 'SQLITE_MISMATCH' || code === 'SQLITE_TOOBIG';
}
