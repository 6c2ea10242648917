/** `roost reset ZONE`: the one thing done to a store without a node. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { HostError } from '../contract/errors.ts';
import type { Log } from '../contract/ports.ts';
import { databaseName } from '../store/folder.ts';
import { openStore } from '../store/store.ts';
import { systemClock } from './clock.ts';
import { parseZoneId, toZoneId } from './zone-id.ts';

/**
 * Removes all that is kept of a zone, so that it starts over with its map when it is entered next.
 * @throws HostError `zone.malformed`; `zone.unknown` when nothing is kept of it; `data.in-use` while a node runs.
 */
export async function resetZone(config: Config, log: Log, zone: string): Promise<void> {
  const id = toZoneId(parseZoneId(zone));
  const unknown = new HostError('zone.unknown', `Cannot reset "${zone}": nothing is kept of it in ${config.data}`);
  // A slip in --data shall not make a second world.
  if (!existsSync(join(config.data, databaseName))) throw unknown;
  const store = await openStore({
    folder: config.data,
    log,
    clock: systemClock,
    deadlineMs: config.storeBusyMs,
    linesKept: config.linesKept,
  });
  try {
    if (!(await store.resetZone(id))) throw unknown;
  } finally {
    await store.close();
  }
}
