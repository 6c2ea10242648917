/** Row crowd (LIM-04): how many clients one zone carries. */
import type { LoadOptions } from '../load/client.ts';
import type { Context, Measured, Row } from '../row.ts';
import { crowdGame, crowdTicks } from '../support/crowd.ts';
import { type Load, startLoad } from '../support/load.ts';
import { startRoost } from '../support/roost.ts';
import { checkViews, measure, pause } from '../support/traffic.ts';

/** Clients that are tried, one after the other, until it is too much. */
const steps = [500, 1000, 1500, 2000, 2250, 2500, 3000, 3500, 4000];
const quickSteps = [200, 400];
const inputsPerSecond = 2;
const leastRate = 0.95;
const mostCores = 1;
const mostLatencyMs = 100;
/** Metres that everybody must see: the view of a zone that says nothing about it. */
const radius = 24;

type Step = { readonly clients: number; readonly cores: number; readonly p99: number };

/** What it is like with so many. @throws when they do not all get in, or one gets what is wrong. */
async function take(context: Context, load: Load, pid: number, clients: number) {
  await pause(context.quick ? 2 : 3);
  const check = await checkViews(load, radius - 1);
  const { cores, cpu, bytes, report } = await measure(context, load, pid, context.quick ? 3 : 5);
  const { latencyMs, seconds } = report;
  if (latencyMs.count < clients * seconds) throw new Error(`only ${latencyMs.count} times of ticks were told`);
  // The slower of both: ticks that were left out, and messages that were.
  const rate = Math.min(report.ticks, report.messages / clients) / seconds;
  const inputs = report.inputs / clients / seconds;
  const note =
    `${clients} clients: ${cores.toFixed(2)} cores, ${cpu.toFixed(1)} µs and ${bytes.toFixed(0)} bytes per client-tick, ` +
    `p50 ${latencyMs.p50.toFixed(0)} ms, p99 ${latencyMs.p99.toFixed(0)} ms, ${rate.toFixed(1)} ticks/s, ` +
    `${inputs.toFixed(1)} inputs/s, ${report.inView.toFixed(1)} in view, ${(report.bytes / seconds / 1e6).toFixed(1)} MB/s, ` +
    `${check.pairs} sightings at most ${check.worst.toFixed(2)} m off; ` +
    `the load used ${report.ownCpu.toFixed(2)} cores and was ${report.lateMs.toFixed(0)} ms late at most`;
  const isCarried =
    cores <= mostCores &&
    latencyMs.p99 <= mostLatencyMs &&
    rate >= crowdTicks * leastRate &&
    inputs >= inputsPerSecond * leastRate;
  return { note, isCarried, step: { clients, cores, p99: latencyMs.p99 } satisfies Step };
}

async function run(context: Context): Promise<Measured> {
  const roost = await startRoost(context, { files: crowdGame(), game: 'crowd' });
  const options: LoadOptions = {
    kind: 'roost',
    url: roost.url,
    place: 'crowd/meadow',
    clients: 0,
    inputsPerSecond,
    metresPerSecond: 4,
    // All count, and all read the server's stamps; so many decode that each sees some of the others that do.
    decodeEvery: 5,
    joinAtOnce: 20,
  };
  const load = await startLoad(context, options);
  const notes: string[] = [];
  let carried: Step | undefined;
  let inside = 0;
  for (const clients of context.quick ? quickSteps : steps) {
    try {
      await load.more(clients - inside);
      inside = clients;
      const { note, isCarried, step } = await take(context, load, roost.pid, clients);
      context.say(note);
      notes.push(note);
      if (!isCarried) break;
      carried = step;
    } catch (error) {
      // So many were too many; when there never were any it is something else.
      if (carried === undefined) throw error;
      notes.push(`${clients} clients: ${error instanceof Error ? error.message : String(error)}`);
      break;
    }
  }
  return {
    figures: {
      clients: { ours: [carried?.clients ?? 0] },
      'p99 of these': { ours: [carried?.p99 ?? 0] },
      'cpu of these': { ours: [carried?.cores ?? 0] },
    },
    notes,
  };
}

export const row: Row = {
  name: 'crowd',
  what: `LIM-04: clients of one zone at ${crowdTicks} ticks/s, ${inputsPerSecond} inputs/s each, with 200 scripted animals that chase and flee`,
  against: `${mostCores} core of server CPU, and ${mostLatencyMs} ms from a tick to its client in 99 of 100`,
  figures: {
    clients: { unit: 'clients', target: { of: 'ours', atLeast: 2000 } },
    'p99 of these': { unit: 'ms from tick to client' },
    'cpu of these': { unit: 'cores' },
  },
  run,
};
