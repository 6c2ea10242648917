/** `roost clean`: takes away what a data folder holds beside the world. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { expectDatabase, partialName } from '../store/folder.ts';
import { lockFolder } from '../store/lock.ts';

/** Of a life of the node, a report of one, or a restore that was killed: none of it is the world. */
const leftovers = ['incidents', 'control.sock', 'workers', 'play.log', partialName];

/**
 * Removes incidents and what a node that was ended from outside left behind; the database stays.
 * @returns what was removed. @throws HostError `data.missing` for a folder that is none of Roost's, `data.in-use`
 */
export async function cleanData({ data }: Config): Promise<readonly string[]> {
  expectDatabase(data, 'clean');
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
