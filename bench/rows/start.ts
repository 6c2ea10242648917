import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { percentile } from '../report.ts';
import type { Row } from '../row.ts';
import { pasture } from '../support/pasture.ts';
import { startRoost } from '../support/roost.ts';
import { isEvent, openVisitor, type Visitor } from '../support/visitor.ts';

const plugins = fileURLToPath(new URL('../plugins', import.meta.url));
const zones = 10;
const objects = 1_000;
/** A visit that takes longer has failed. */
const patienceMs = 30_000;
/** A zone that nobody is in is out of memory after a moment instead of after minutes; nothing else differs. */
const flags = ['--plugins', plugins, '--sleep-after-ms', '100', '--unload-after-ms', '100'];

export const row: Row = {
  name: 'start',
  what: `a player enters a zone of ${objects} objects that is only in the database: call to snapshot`,
  against: 'nothing',
  figures: {
    'p95 to snapshot': { unit: 'ms', target: { of: 'ours', atMost: 150 } },
    'median to snapshot': { unit: 'ms' },
    'p95 to answer': { unit: 'ms' },
  },
  async run(context) {
    const roost = await startRoost(context, { files: pasture({ zones, sheep: objects }), game: 'bench', flags });
    const players = await Promise.all(Array.from({ length: zones }, () => openVisitor(roost.url)));
    const answers: number[] = [];
    const snapshots: number[] = [];
    // The first time they are filled from the map.
    for (const [number, player] of players.entries()) await visit(player, number);
    for (let round = 0; round < (context.quick ? 1 : 2 * context.rounds); round++) {
      for (const [number, player] of players.entries()) {
        const { answerMs, snapshotMs } = await visit(player, number);
        answers.push(answerMs);
        snapshots.push(snapshotMs);
      }
    }
    for (const player of players) player.close();
    return {
      figures: {
        'p95 to snapshot': { ours: [percentile(snapshots, 95)] },
        'median to snapshot': { ours: [percentile(snapshots, 50)] },
        'p95 to answer': { ours: [percentile(answers, 95)] },
      },
      notes: [`${snapshots.length} starts of ${zones} zones, the longest ${Math.round(Math.max(...snapshots))} ms.`],
    };
  },
};

/** In and out again, until the zone is only in the database. */
async function visit(player: Visitor, number: number) {
  const zone = `bench/pasture-${number}`;
  const startMs = performance.now();
  const seen = player.next((text) => isEvent(text, 'snapshot'));
  await player.call('zone.enter', { zone });
  const answerMs = performance.now() - startMs;
  const snapshotMs = (await seen).atMs - startMs;
  await player.call('zone.leave', {});
  while (((await player.call<Record<string, string>>('bench.zones', {}))[zone] ?? 'closed') !== 'closed') {
    if (performance.now() - startMs > patienceMs) throw new Error(`${zone} is not unloaded`);
    await sleep(20);
  }
  return { answerMs, snapshotMs };
}
