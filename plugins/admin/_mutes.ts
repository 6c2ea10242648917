/** Who may not speak. The table is the truth; what is asked at every line is kept in memory. */
import type { Host } from 'roost/plugin';
import { memoryOf } from './_memory.ts';

/** Reads the table, without those that are over. */
export async function readMutes(host: Host): Promise<void> {
  const now = host.clock.now();
  const rows = await host.db.read('select subject, until from mutes where until is null or until > ?', [now]);
  memoryOf(host).mutes = new Map(
    rows.map(({ subject, until }) => [String(subject), until === null ? null : Number(until)] as const),
  );
}
