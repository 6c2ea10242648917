/** Row floor: what sending and receiving costs by itself, with socket.io and nothing else. */
import type { LoadOptions } from '../load/client.ts';
import type { Context, Measured, Row } from '../row.ts';
import { type Field, measureRoost, rates, ticksPerSecond, walk } from '../support/field.ts';
import { startPeer } from '../support/peer.ts';
import { measureTraffic, repeatOffRate, requireRates, type Spent, tell } from '../support/traffic.ts';

/** The field of row view. */
const field: Field = { clients: 600, side: 1000, radius: 70, cell: 64, circle: null };

/** @param sizes  Bytes of messages, as Roost's were. */
async function measureFloor(context: Context, sizes: readonly number[]): Promise<Spent> {
  const peer = await startPeer(context, 'floor', { ticksPerSecond, sizes });
  const load: LoadOptions = { ...walk(field.clients), kind: 'floor', url: peer.url, place: '' };
  const spent = await measureTraffic(context, { load, pid: peer.pid });
  await peer.stop();
  context.say(tell('socket.io', spent));
  requireRates(context, spent, rates);
  return spent;
}

async function run(context: Context): Promise<Measured> {
  const ours: Spent[] = [];
  const theirs: Spent[] = [];
  for (let round = 0; round < context.rounds; round++) {
    const roost = await repeatOffRate(context, () => measureRoost(context, field));
    ours.push(roost);
    theirs.push(await repeatOffRate(context, () => measureFloor(context, roost.report.sizes)));
  }
  return {
    figures: {
      cpu: { ours: ours.map(({ cpu }) => cpu), theirs: theirs.map(({ cpu }) => cpu) },
      bytes: { ours: ours.map(({ bytes }) => bytes), theirs: theirs.map(({ bytes }) => bytes) },
    },
    notes: [...ours.map((spent) => tell('Roost', spent)), ...theirs.map((spent) => tell('socket.io', spent))],
  };
}

export const row: Row = {
  name: 'floor',
  what: 'the server of row view, with all that it does',
  against: 'bare socket.io: the same inputs, one emit of the same size per client-tick',
  figures: {
    cpu: { unit: 'µs CPU per client-tick', target: { of: 'ratio', atMost: 1.5 } },
    bytes: { unit: 'bytes per client-tick' },
  },
  run,
};
