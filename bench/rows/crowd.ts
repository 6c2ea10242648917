/** Row crowd (LIM-04): how many clients one zone carries. */
import type { LoadOptions } from '../load/client.ts';
import type { Context, Measured, Row } from '../row.ts';
import { crowdGame, crowdTicks } from '../support/crowd.ts';
import { startLoad } from '../support/load.ts';
import { startRoost } from '../support/roost.ts';
import { checkViews, measure, pause, type Spent } from '../support/traffic.ts';

/** Clients that are tried, one after the other, until it is too much. */
const steps = [500, 1000, 1500, 2000, 2250, 2500, 3000, 3500, 4000];
const quickSteps = [200, 400];
const mostCores = 1;
const mostLatencyMs = 100;
/** Metres that everybody must see: the view of a zone that says nothing about it. */
const radius = 24;

async function run(context: Context): Promise<Measured> {
  const roost = await startRoost(context, { files: crowdGame(), game: 'crowd' });
  const options: LoadOptions = {
    kind: 'roost',
    url: roost.url,
    place: 'crowd/meadow',
    clients: 0,
    inputsPerSecond: 2,
    metresPerSecond: 4,
    // All count, and all read the server's stamps; so many decode that each sees some of the others that do.
    decodeEvery: 5,
    joinAtOnce: 20,
  };
  const load = await startLoad(context, options);
  const notes: string[] = [];
  let carried: { readonly clients: number; readonly spent: Omit<Spent, 'check'> } | undefined;
  let inside = 0;
  for (const clients of context.quick ? quickSteps : steps) {
    await load.more(clients - inside);
    inside = clients;
    await pause(context.quick ? 2 : 3);
    const check = await checkViews(load, radius - 1);
    const spent = await measure(context, load, roost.pid, context.quick ? 3 : 5);
    const { latencyMs, inView, bytes, ticks, seconds, ownCpu, lateMs } = { ...spent, ...spent.report };
    const rate = ticks / seconds;
    const note =
      `${clients} clients: ${spent.cores.toFixed(2)} cores, ${spent.cpu.toFixed(1)} µs and ${spent.bytes.toFixed(0)} bytes per client-tick, ` +
      `p50 ${latencyMs.p50.toFixed(0)} ms, p99 ${latencyMs.p99.toFixed(0)} ms, ${rate.toFixed(1)} ticks/s, ${inView.toFixed(1)} in view, ` +
      `${(bytes / seconds / 1e6).toFixed(1)} MB/s, ${check.pairs} sightings at most ${check.worst.toFixed(2)} m off; the load used ${ownCpu.toFixed(2)} cores and was ${lateMs.toFixed(0)} ms late at most`;
    context.say(note);
    notes.push(note);
    const isCarried = spent.cores <= mostCores && latencyMs.p99 <= mostLatencyMs && rate >= crowdTicks * 0.95;
    if (!isCarried) break;
    carried = { clients, spent };
  }
  await load.stop();
  await roost.stop();
  return {
    figures: {
      clients: { ours: [carried?.clients ?? 0] },
      'p99 of these': { ours: [carried?.spent.report.latencyMs.p99 ?? 0] },
      'cpu of these': { ours: [carried?.spent.cores ?? 0] },
    },
    notes,
  };
}

export const row: Row = {
  name: 'crowd',
  what: `LIM-04: clients of one zone at ${crowdTicks} ticks/s, 2 inputs/s each, with 200 scripted animals that chase and flee`,
  against: `${mostCores} core of server CPU, and ${mostLatencyMs} ms from a tick to its client in 99 of 100`,
  figures: {
    clients: { unit: 'clients', target: { of: 'ours', atLeast: 2000 } },
    'p99 of these': { unit: 'ms from tick to client' },
    'cpu of these': { unit: 'cores' },
  },
  run,
};
