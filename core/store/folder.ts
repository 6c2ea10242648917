/** The data folder itself: what is in one, and that it is its owner's alone. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HostError } from '../contract/errors.ts';
import type { Log } from '../contract/ports.ts';

/** The database's file in a data folder. */
export const databaseName = 'roost.db';

/** What a restore unpacks, until it has been checked. */
export const partialName = `${databaseName}.partial`;

/** What a node has in its folder, and what file systems put at their top. */
const usual = /^(roost\.db|lock\.db)([-.].*)?$|^(node\.pid|workers|control\.sock|incidents|play\.log|lost\+found)$/;
/** As many of what does not belong there are named. */
const namedMost = 3;

/**
 * Makes the folder, for its owner alone. One that others can read and that holds other things is left as it is: whoever names
 * `/tmp` or a home by a slip shall not find it shut. The files of the database are their owner's in any case.
 */
export async function makeFolder(folder: string, log: Log): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (((await stat(folder)).mode & 0o077) === 0) return;
  const others = (await readdir(folder)).filter((name) => !usual.test(name));
  if (others.length === 0) return await chmod(folder, 0o700);
  log.warn(
    { folder, holds: others.slice(0, namedMost) },
    'the data folder holds other things and others may look into it: give the node a folder of its own',
  );
}

/** @param what  Such as `back up`. @throws HostError `data.missing` for a folder that has no database */
export function expectDatabase(folder: string, what: string): void {
  if (!existsSync(join(folder, databaseName)))
    throw new HostError('data.missing', `Cannot ${what} "${folder}": it holds no ${databaseName}`);
}
