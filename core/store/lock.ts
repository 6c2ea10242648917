/**
 * One process per data folder. The lock is the operating system's: an open exclusive transaction on a small database
 * of its own. It ends with the process, however that ends, so there is no stale lock to judge.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HostError } from '../contract/errors.ts';
import { openConnection } from './connection.ts';

/** A process that was just killed may hold its files for a moment while the system takes it down. */
const patienceMs = 1_500;

/**
 * Locks the folder until `close` is called or the process ends.
 * @throws HostError `data.in-use` when a living process has it.
 */
export async function lockFolder(folder: string): Promise<{ close(): Promise<void> }> {
  const connection = await openConnection(join(folder, 'lock.db'), [`pragma busy_timeout = ${patienceMs}`]);
  const pidFile = join(folder, 'node.pid');
  try {
    await connection.all('begin exclusive');
  } catch (error) {
    await connection.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new HostError(
      'data.in-use',
      `Cannot use the data folder "${folder}": process ${await readPid(pidFile)} has it`,
    );
  }
  await writeFile(pidFile, `${process.pid}\n`);
  return connection;
}

async function readPid(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return 'of unknown number';
    throw error;
  }
}
