/** `roost backup FILE` and `roost restore FILE`: the data folder as one file, and back. */
import { constants, getPriority, setPriority } from 'node:os';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { writeBackup } from '../store/backup.ts';
import { restoreBackup } from '../store/restore.ts';
import { systemClock } from './clock.ts';

export type CopyOptions = {
  /** As it was typed. */
  readonly file: string;
  /** Of this Roost. */
  readonly version: string;
  /** Aborted when whoever waits for it wants it no more. */
  readonly signal: AbortSignal;
};

/**
 * Backs up the data folder, also while a node runs on it.
 * @returns what was done, in words. @throws HostError as `writeBackup`
 */
export async function backupData({ data }: Config, { file, version, signal }: CopyOptions): Promise<string> {
  giveWay();
  const at = new Date(systemClock.now() * 1_000).toISOString();
  const { bytes, schema, sha256 } = await writeBackup({ folder: data, file: resolve(file), version, at, signal });
  return `${file}: the world of ${data} at ${at}, ${bytes} bytes, schema ${schema}, sha256 ${sha256}`;
}

/** The node that runs beside it comes first; who was started with less priority still keeps that. */
function giveWay(): void {
  const { PRIORITY_BELOW_NORMAL } = constants.priority;
  try {
    if (getPriority() < PRIORITY_BELOW_NORMAL) setPriority(PRIORITY_BELOW_NORMAL);
  } catch {
    // A system that does not let us: the backup is made all the same.
  }
}

/**
 * Makes the data folder from a backup; it must be empty or not there.
 * @returns what was done, in words. @throws HostError as `restoreBackup`
 */
export async function restoreData({ data }: Config, { file, signal }: CopyOptions): Promise<string> {
  const { at, version, bytes, schema } = await restoreBackup({ file: resolve(file), folder: data, signal });
  return `${data}: the world of ${at}, backed up by roost ${version}, ${bytes} bytes, schema ${schema}. Start it with --data ${data}`;
}
