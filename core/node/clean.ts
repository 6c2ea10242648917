/** `roost clean`: takes away what a data folder holds beside the world. */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { HostError } from '../contract/errors.ts';
import { databaseName } from '../store/backup.ts';
import { lockFolder } from '../store/lock.ts';

/** Of a life of the node, or a report of one: none of it is the world. */
const leftovers = ['incidents', 'control.sock', 'workers'];

/**
 * Removes incidents and what a node that was ended from outside left behind; the database stays.
 * @returns what was removed. @throws HostError `data.missing` for a folder that is none of Roost's, `data.in-use`
 */
export async function cleanData({ data }: Config): Promise<readonly string[]> {
  if (!existsSync(join(data, databaseName)))
    throw new HostError('data.missing', `Cannot clean "${data}": it holds no ${databaseName}`);
  const lock = await lockFolder(data);
  try {
    const there = await readdir(data);
    const found = leftovers.filter((name) => there.includes(name));
    for (const name of found) await rm(join(data, name), { recursive: true, force: true });
    // By now it names this process, which has the lock.
    await rm(join(data, 'node.pid'), { force: true });
    return found.map((name) => join(data, name));
  } finally {
    await lock.close();
  }
}
