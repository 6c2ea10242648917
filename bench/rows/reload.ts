import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../report.ts';
import type { Row } from '../row.ts';
import { readCpu } from '../support/cpu.ts';
import { pasture } from '../support/pasture.ts';
import { startRoost } from '../support/roost.ts';
import { isEvent, visitAll } from '../support/visitor.ts';

const zones = 20;
const objects = 50;
const tickMs = 50;
const file = 'games/bench/scripts/beacon.ts';

/** Changes in every tick, so that every tick is told; what it says is what is saved anew. */
const beacon = (says: number): string => `import { defineObject } from 'roost';

const says = ${says};

export default defineObject({
  look: { shape: 'circle', label: 'Beacon' },
  state: { says: 0, beat: 0 },
  on: {
    tick(self, { world }) {
      self.state.says = says;
      self.state.beat = world.tick;
    },
  },
});
`;

export const row: Row = {
  name: 'reload',
  what: `a script is saved that runs in ${zones} zones: until players in all of them see what it does now`,
  against: 'nothing',
  figures: {
    'p95 to behaviour': { unit: 'ms, over all zones and saves', target: { of: 'ours', atMost: 250 } },
    'median to behaviour': { unit: 'ms' },
    cpu: { unit: 'ms CPU of all processes for a save, beside what runs anyway' },
    'latest tick': { unit: 'ms after its time, at a player', target: { of: 'ours', atMost: 2 * tickMs } },
    'latest without': { unit: 'ms after its time, when nothing is saved' },
  },
  async run(context) {
    const files = pasture({ zones, sheep: objects, kinds: { beacon: beacon(1) } });
    const roost = await startRoost(context, { files, game: 'bench' });
    const players = await visitAll(roost.url, zones);
    /** CPU of all processes since the last call, and the seconds since then. */
    let read = { ms: readCpu(roost.pid).ms, atMs: performance.now() };
    const spent = () => {
      const now = { ms: readCpu(roost.pid).ms, atMs: performance.now() };
      const since = { ms: now.ms - read.ms, seconds: (now.atMs - read.atMs) / 1_000 };
      read = now;
      return since;
    };
    const punctual = players.map((player) => watchTicks(player));
    const late = () => Math.max(...punctual.map((ticks) => ticks.take()));
    await sleep(context.quick ? 1_000 : 4_000);
    late();
    spent();
    await sleep(context.quick ? 1_000 : 5_000);
    const usual = spent();
    const latestWithout = late();
    const times: number[] = [];
    const latest: number[] = [];
    const cpu: number[] = [];
    for (let save = 2; save < (context.quick ? 5 : 22); save++) {
      const seen = players.map((player) => player.next((text) => text.includes(`"says":${save}`)));
      const startMs = performance.now();
      writeFileSync(join(roost.root, file), beacon(save));
      const took = (await Promise.all(seen)).map(({ atMs }) => atMs - startMs);
      times.push(...took);
      // Every other save comes while the one before still proves itself.
      await sleep(save % 2 === 0 ? 500 : 3_200);
      latest.push(late());
      const { ms, seconds } = spent();
      cpu.push(ms - (usual.ms / usual.seconds) * seconds);
      context.say(
        `save ${save - 1}: ${Math.round(Math.max(...took))} ms, latest tick ${Math.round(latest.at(-1) ?? 0)} ms`,
      );
    }
    for (const player of players) player.close();
    return {
      figures: {
        'p95 to behaviour': { ours: [percentile(times, 95)] },
        'median to behaviour': { ours: [percentile(times, 50)] },
        cpu: { ours: cpu },
        'latest tick': { ours: [Math.max(...latest)] },
        'latest without': { ours: [latestWithout] },
      },
      notes: [
        `${latest.length} saves; 50 ms of the time are the file's to be quiet (settleMs).`,
        `Latest tick of each save, median ${Math.round(percentile(latest, 50))} ms, 90th percentile ${Math.round(percentile(latest, 90))} ms.`,
      ],
    };
  },
};

type Ticks = {
  /** Milliseconds by which the latest tick since the last call came after its time. */
  take(): number;
};

/**
 * Ticks have numbers and come every 50 ms: the punctual ones say when each is due. Time that the zone drops after a stall
 * moves the ticks after it, and so counts as late.
 */
function watchTicks(player: Awaited<ReturnType<typeof visitAll>>[number]): Ticks {
  /** When tick 0 was due, by the most punctual one. */
  let zeroMs = Number.POSITIVE_INFINITY;
  let latest = 0;
  player.on(({ text, atMs }) => {
    if (!isEvent(text, 'delta')) return;
    const tick = Number(/"t":(\d+)/.exec(text)?.[1]);
    const zero = atMs - tick * tickMs;
    zeroMs = Math.min(zeroMs, zero);
    latest = Math.max(latest, zero - zeroMs);
  });
  return {
    take() {
      const late = latest;
      latest = 0;
      return late;
    },
  };
}
