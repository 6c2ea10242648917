/** The one writer: transactions run one after another, each with a deadline. */
import { HostError } from '../contract/errors.ts';
import type { Row } from '../contract/ports.ts';
import type { Connection, Value } from './connection.ts';

/** A transaction while it runs; refuses everything afterwards. */
export interface Trx {
  run(sql: string, values?: readonly Value[]): Promise<readonly Row[]>;
}

export interface Writer {
  /**
   * All or nothing. What it waits in the queue counts against the deadline.
   * @throws HostError `store.busy` after the deadline: rolled back.
   */
  transaction<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
  /** Transactions that wait, with the one that runs. */
  queued(): number;
  /** Lets what is queued finish; refuses what comes later. */
  close(): Promise<void>;
}

type Job = { readonly run: () => Promise<void>; readonly deadline: number };

/** Between two tries to begin while another process writes. */
const retryMs = 10;

export function createWriter(connection: Connection, deadlineMs: number): Writer {
  const queue: Job[] = [];
  let running = false;
  let closed = false;
  let drained: (() => void) | null = null;

  async function pump(): Promise<void> {
    if (running) return;
    running = true;
    for (let job = queue.shift(); job; job = queue.shift()) await job.run();
    running = false;
    drained?.();
  }

  return {
    transaction<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
      if (closed) return Promise.reject(new HostError('store.busy', 'The database is closed'));
      const deadline = performance.now() + deadlineMs;
      return new Promise<T>((resolve, reject) => {
        const run = () => transact(connection, work, deadline).then(resolve, reject);
        queue.push({ run, deadline });
        void pump();
      });
    },
    queued: () => queue.length + (running ? 1 : 0),
    async close() {
      closed = true;
      if (running) await new Promise<void>((done) => (drained = done));
      await connection.close();
    },
  };
}

async function transact<T>(connection: Connection, work: (trx: Trx) => Promise<T>, deadline: number): Promise<T> {
  await begin(connection, deadline);
  const pending = new Set<Promise<unknown>>();
  let open = true;
  const trx: Trx = {
    run(sql, values) {
      if (!open) return Promise.reject(new HostError('store.busy', 'The transaction has ended'));
      const result = connection.all(sql, values);
      const settled = result.then(noop, noop).finally(() => pending.delete(settled));
      pending.add(settled);
      return result;
    },
  };
  try {
    const result = await within(work(trx), deadline);
    open = false;
    await Promise.all(pending);
    await connection.all('commit');
    return result;
  } catch (error) {
    open = false;
    if (isBusy(error)) connection.interrupt();
    await Promise.all(pending);
    await connection.all('rollback').catch(noTransaction);
    throw isBusy(error) && !(error instanceof HostError) ? new HostError('store.busy') : error;
  }
}

/** Begins as the writer; another process (a backup, a shell) may have the database for a moment. */
async function begin(connection: Connection, deadline: number): Promise<void> {
  for (;;) {
    if (performance.now() >= deadline) throw new HostError('store.busy');
    try {
      await connection.all('begin immediate');
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      await new Promise((wake) => setTimeout(wake, retryMs));
    }
  }
}

/** Gives up waiting at the deadline. A late outcome of the work is nobody's: its transaction is gone. */
async function within<T>(work: Promise<T>, deadline: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HostError('store.busy')), Math.max(0, deadline - performance.now()));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the database was only occupied: the same may work in a moment. */
export function isBusy(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED' || code === 'store.busy';
}

/** SQLite ends some transactions by itself when a statement fails; then there is nothing to roll back. */
function noTransaction(error: Error): void {
  if (!/no transaction is active/.test(error.message)) throw error;
}

function noop(): void {}
