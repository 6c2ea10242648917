/** One connection to a database file. The only file that names knex. */
import knexModule from 'knex';
import type { Row } from '../contract/ports.ts';

export type Value = string | number | null;

export interface Connection {
  /** Runs one statement and gives its rows. */
  all(sql: string, values?: readonly Value[]): Promise<readonly Row[]>;
  /** Stops the statement that runs now; it fails with SQLITE_INTERRUPT. */
  interrupt(): void;
  close(): Promise<void>;
}

/** What of sqlite3's own connection is used. */
type Native = {
  exec(sql: string, done: (error: Error | null) => void): void;
  interrupt(): void;
};

/**
 * Opens the file, making it when it is missing. knex on sqlite3 has one connection per pool, so that every connection
 * here is a pool of one, held from opening to closing.
 * @param pragmas  Statements run first.
 */
export async function openConnection(filename: string, pragmas: readonly string[]): Promise<Connection> {
  const pool = knexModule.knex({
    client: 'sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    // What goes wrong is thrown; knex would write it to the standard output as well.
    log: { error() {}, warn() {} },
    pool: {
      min: 1,
      max: 1,
      afterCreate(native: Native, done: (error: Error | null, native: Native) => void) {
        native.exec(pragmas.join(';'), (error) => done(error, native));
      },
    },
  });
  const held: Native = await pool.client.acquireConnection().catch(async (error: unknown) => {
    await pool.destroy();
    throw error;
  });
  let open = true;
  return {
    async all(sql, values = []) {
      return await pool.raw(sql, [...values]).connection(held);
    },
    interrupt: () => held.interrupt(),
    async close() {
      if (!open) return;
      open = false;
      await pool.client.releaseConnection(held);
      await pool.destroy();
    },
  };
}
