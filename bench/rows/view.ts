/** Row view: what it costs that everybody sees what is near, and only that. */
import type { LoadOptions } from '../load/client.ts';
import type { Context, Measured, Row } from '../row.ts';
import { fieldGame, fieldTicks, walkSpeed } from '../support/field.ts';
import { startPeer } from '../support/peer.ts';
import { startRoost } from '../support/roost.ts';
import { measureTraffic, type Spent, tell } from '../support/traffic.ts';

const clients = 600;
const side = 1000;
const radius = 70;
/** Cells of our grid, metres. */
const cell = 35;
/** Colyseus shows exact circles, we whole cells: with this one both see the same number of others, and each 70 m at least. */
const theirRadius = 98;
const mostApart = 0.05;

const walk: Omit<LoadOptions, 'kind' | 'url' | 'place'> = {
  clients,
  inputsPerSecond: 10,
  metresPerSecond: walkSpeed,
  decodeEvery: 1,
  joinAtOnce: 20,
};

async function ours(context: Context): Promise<Spent> {
  const files = fieldGame({ side, capacity: clients, view: { radius, cell, most: 400 } });
  const roost = await startRoost(context, { files, game: 'field' });
  const load: LoadOptions = { ...walk, kind: 'roost', url: roost.url, place: 'field/field' };
  const spent = await measureTraffic(context, { load, pid: roost.pid, mustSee: radius - 1 });
  await roost.stop();
  return spent;
}

async function theirs(context: Context, circle: number, bits: 16 | 32): Promise<Spent> {
  const peer = await startPeer(context, 'colyseus', {
    side,
    radius: circle,
    ticksPerSecond: fieldTicks,
    metresPerSecond: walkSpeed,
    bits,
  });
  const load: LoadOptions = { ...walk, kind: 'colyseus', url: peer.url, place: 'field' };
  const spent = await measureTraffic(context, { load, pid: peer.pid, mustSee: circle - 3 });
  await peer.stop();
  return spent;
}

async function run(context: Context): Promise<Measured> {
  const mine: Spent[] = [];
  const others: Spent[] = [];
  const notes: string[] = [];
  const note = (text: string): void => {
    context.say(text);
    notes.push(text);
  };
  for (let round = 0; round < context.rounds; round++) {
    const roost = await ours(context);
    note(tell('Roost', roost));
    mine.push(roost);
    const colyseus = await theirs(context, theirRadius, 32);
    note(tell(`Colyseus, ${theirRadius} m`, colyseus));
    others.push(colyseus);
  }
  const inView = { ours: mine.map(toSeen), theirs: others.map(toSeen) };
  const apart = Math.abs(mean(inView.ours) / mean(inView.theirs) - 1);
  if (apart > mostApart) {
    throw new Error(
      `Roost shows ${mean(inView.ours).toFixed(1)} things and Colyseus ${mean(inView.theirs).toFixed(1)}: more than 5 % apart`,
    );
  }
  if (!context.quick) {
    note(`for comparison: ${tell(`Colyseus, ${radius} m`, await theirs(context, radius, 32))}`);
    note(
      `for comparison: ${tell(`Colyseus, ${theirRadius} m, places in 1.5 cm`, await theirs(context, theirRadius, 16))}`,
    );
  }
  return {
    figures: {
      cpu: { ours: mine.map(({ cpu }) => cpu), theirs: others.map(({ cpu }) => cpu) },
      bytes: { ours: mine.map(({ bytes }) => bytes), theirs: others.map(({ bytes }) => bytes) },
      'in view': inView,
    },
    notes,
  };
}

function toSeen({ report }: Spent): number {
  return report.inView;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

export const row: Row = {
  name: 'view',
  what: `${clients} clients in ${side} × ${side} m who see ${radius} m, all moving, 10 inputs/s each, ${fieldTicks} ticks/s`,
  against: 'Colyseus 0.18 with StateView on its WebSocket transport',
  figures: {
    cpu: {
      unit: 'µs CPU per client-tick',
      target: { of: 'ratio', atMost: 0.8 },
      aim: { of: 'ratio', atMost: 0.6 },
    },
    bytes: {
      unit: 'bytes per client-tick',
      target: { of: 'ratio', atMost: 0.7 },
      aim: { of: 'ratio', atMost: 0.5 },
    },
    'in view': { unit: 'things in view' },
  },
  run,
};
