/** Makes a data folder from a backup (backup.ts): checked before anything is called by its name. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { HostError } from '../contract/errors.ts';
import { type BackupHead, backupHead, broken, checkDatabase, stopped, syncFolder } from './backup.ts';
import { databaseName, partialName } from './folder.ts';
import { lockFolder } from './lock.ts';
import { newestSchema, tooNew } from './migrate.ts';
import { notWritten } from './outcome.ts';

/** Longest first line of a backup. */
const headMost = 4_096;

/** Of a backup that a later Roost has written in another form. */
const laterHead = z.looseObject({ roost: z.literal('backup'), format: z.int().min(2) });

/** What a folder holds that was locked once. */
const lockNames = new Set(['lock.db', 'lock.db-journal', 'node.pid']);

export type RestoreOptions = {
  readonly file: string;
  /** Empty or not there. */
  readonly folder: string;
  /** Aborted when it is not wanted any more: nothing is left of it. */
  readonly signal: AbortSignal;
};

/**
 * Restores a backup into a folder that is empty or not there. Of what does not pass nothing is left.
 * @throws HostError `data.bad-backup`, `data.newer`, `data.in-use`, `data.not-empty`, `data.not-written`
 */
export async function restoreBackup({ file, folder, signal }: RestoreOptions): Promise<BackupHead> {
  const { head, start } = await readHead(file);
  if (head.schema > newestSchema) throw tooNew(`Cannot restore "${file}"`, head.schema);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // A node that runs there is named; from here on none is started there.
    await using _lock = await lock(folder);
    // A restore that was killed has left what it had unpacked.
    const found = (await readdir(folder)).filter((name) => !lockNames.has(name) && name !== partialName);
    if (found.length > 0) throw notEmpty(folder, found);
    await restoreInto({ file, folder, signal }, start, head);
    return head;
  } catch (error) {
    throw signal.aborted ? stopped(folder) : notWritten(`Cannot restore into "${folder}"`, error);
  }
}

async function lock(folder: string): Promise<AsyncDisposable> {
  // Locking would write into a folder that is none of ours.
  const names = await readdir(folder);
  if (names.length > 0 && !names.some((name) => lockNames.has(name))) throw notEmpty(folder, names);
  const held = await lockFolder(folder);
  return { [Symbol.asyncDispose]: () => held.close() };
}

function notEmpty(folder: string, names: readonly string[]): HostError {
  const held = names.slice(0, 3).join(', ');
  const message = `Cannot restore into "${folder}": it holds ${held}. Name another folder by --data, or move this one away`;
  return new HostError('data.not-empty', message);
}

async function restoreInto({ file, folder, signal }: RestoreOptions, start: number, head: BackupHead): Promise<void> {
  const partial = join(folder, partialName);
  await rm(partial, { force: true });
  try {
    await unpack(file, start, head, partial, signal);
    const schema = await checkDatabase(partial, signal);
    if (schema !== head.schema) throw broken(file, `it says schema ${head.schema} and holds ${schema}`);
    await rename(partial, join(folder, databaseName));
    await syncFolder(folder);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** @returns what the first line says, and where the database begins behind it */
async function readHead(file: string): Promise<{ head: BackupHead; start: number }> {
  let bytes: Buffer;
  try {
    await using handle = await open(file, 'r');
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(headMost), 0, headMost, 0);
    bytes = buffer.subarray(0, bytesRead);
  } catch (error) {
    throw broken(file, error instanceof Error ? error.message : String(error));
  }
  const end = bytes.indexOf('\n');
  const first = end === -1 ? null : parse(bytes.toString('utf8', 0, end));
  const head = backupHead.safeParse(first);
  const later = laterHead.safeParse(first);
  if (later.success)
    throw new HostError(
      'data.newer',
      `Cannot restore "${file}": its format is ${later.data.format}, this Roost knows up to 1`,
    );
  if (!head.success) throw broken(file, 'its first line is not that of a backup');
  return { head: head.data, start: end + 1 };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Some other file: the schema says so.
  }
}

/** @throws HostError `data.bad-backup` when it is not byte for byte what the head says */
async function unpack(file: string, start: number, head: BackupHead, to: string, signal: AbortSignal): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* counted(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > head.bytes) throw broken(file, `it unpacks to more than ${head.bytes} bytes`);
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    const out = createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(createReadStream(file, { start }), createGunzip(), counted, out, { signal });
  } catch (error) {
    throw String((error as { code?: unknown }).code).startsWith('Z_') ? broken(file, (error as Error).message) : error;
  }
  if (bytes !== head.bytes || hash.digest('hex') !== head.sha256) throw broken(file, 'its checksum is another');
}
