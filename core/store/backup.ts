/**
 * A backup: the world as it was at one moment, in one file. Its first line is JSON that says what it is (`BackupHead`); behind
 * it stands the SQLite database, gzipped: `tail -n +2 FILE | gunzip` gives it to any tool.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { appendFile, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { z } from 'zod';
import { HostError } from '../contract/errors.ts';
import { type Connection, openConnection } from './connection.ts';
import { databaseName, expectDatabase } from './folder.ts';
import { readSchema } from './migrate.ts';
import { notWritten } from './outcome.ts';

export const backupHead = z.strictObject({
  roost: z.literal('backup'),
  /** Of this file. */
  format: z.literal(1),
  /** Of the Roost that wrote it. */
  version: z.string().max(64),
  /** When it was begun: whatever had been acknowledged by then is in it. */
  at: z.iso.datetime(),
  /** Steps that the database had been migrated by. */
  schema: z.int().min(0),
  /** Of the database, unpacked. */
  bytes: z.int().min(1),
  /** Of the database, unpacked: 64 hex digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type BackupHead = z.infer<typeof backupHead>;

export type BackupOptions = {
  /** The data folder; a node may be running on it. */
  readonly folder: string;
  /** What is written; must not be there yet. Its folder needs room for the database and its packed copy. */
  readonly file: string;
  /** Of this Roost. */
  readonly version: string;
  /** ISO, UTC. */
  readonly at: string;
  /** Aborted when it is not wanted any more: nothing is left of it. */
  readonly signal: AbortSignal;
};

/** How long another program may keep the database to itself before we give up. */
const patienceMs = 10_000;

/**
 * Copies the database of a folder, also while a node runs: it reads one snapshot of the write-ahead log in a process of its own,
 * and the node goes on writing meanwhile. The file is there whole or not at all, and for its owner alone.
 * @throws HostError `data.missing`, `data.not-empty` when the file is there, `data.not-written`, `data.bad-backup` when what was
 *   copied is broken
 */
export async function writeBackup({ folder, file, version, at, signal }: BackupOptions): Promise<BackupHead> {
  expectDatabase(folder, 'back up');
  if (existsSync(file)) throw new HostError('data.not-empty', `Cannot write the backup "${file}": it is there already`);
  let beside: string | null = null;
  try {
    beside = await mkdtemp(`${file}.partial-`);
    const copy = join(beside, databaseName);
    await copyDatabase(join(folder, databaseName), copy, signal);
    const schema = await checkDatabase(copy, signal);
    const { size: bytes } = await stat(copy);
    const sha256 = await hashOf(copy, signal);
    const head: BackupHead = { roost: 'backup', format: 1, version, at, schema, bytes, sha256 };
    const packed = join(beside, 'packed');
    await appendFile(packed, `${JSON.stringify(head)}\n`, { mode: 0o600 });
    const out = createWriteStream(packed, { flags: 'a', flush: true });
    await pipeline(createReadStream(copy), createGzip(), out, { signal });
    await rename(packed, file);
    await syncFolder(dirname(file));
    return head;
  } catch (error) {
    throw signal.aborted ? stopped(file) : notWritten(`Cannot write the backup "${file}"`, error);
  } finally {
    if (beside !== null) await rm(beside, { recursive: true, force: true });
  }
}

/** What was aborted. */
export function stopped(path: string): HostError {
  return new HostError('data.not-written', `Stopped: nothing is left of what was written to "${path}"`);
}

/** One read transaction from its beginning to its end, so that what is committed meanwhile is in it wholly or not at all. */
async function copyDatabase(from: string, to: string, signal: AbortSignal): Promise<void> {
  await using source = await openPlain(from, signal);
  await source.all('vacuum into ?', [to]);
}

/**
 * Reads all of a database that nobody else has open.
 * @returns its schema
 * @throws HostError `data.bad-backup` when SQLite finds it broken
 */
export async function checkDatabase(file: string, signal: AbortSignal): Promise<number> {
  try {
    await using database = await openPlain(file, signal);
    const found = [
      ...(await database.all('pragma integrity_check')),
      ...(await database.all('pragma foreign_key_check')),
    ];
    const [row, ...more] = found;
    if (more.length > 0 || row?.integrity_check !== 'ok') throw broken(file, JSON.stringify(row));
    return await readSchema((sql) => database.all(sql));
  } catch (error) {
    throw error instanceof HostError ? error : broken(file, error instanceof Error ? error.message : String(error));
  }
}

export function broken(file: string, why: string): HostError {
  return new HostError('data.bad-backup', `"${file}" is no whole database of Roost: ${why}`);
}

/** A connection whose statements end when the signal is given. */
async function openPlain(file: string, signal: AbortSignal): Promise<Pick<Connection, 'all'> & AsyncDisposable> {
  const { all, interrupt, close } = await openConnection(file, [`pragma busy_timeout = ${patienceMs}`]);
  signal.addEventListener('abort', interrupt);
  return {
    async all(sql, values) {
      signal.throwIfAborted();
      return await all(sql, values);
    },
    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', interrupt);
      await close();
    },
  };
}

async function hashOf(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}

/** A new name is on disk when its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; there the file system sees to it.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
