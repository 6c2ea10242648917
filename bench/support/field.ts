/** The field of rows view, arena and floor, where everybody walks: as a game of Roost and as a room of Colyseus. */
import type { LoadOptions } from '../load/client.ts';
import type { Context, Measured } from '../row.ts';
import { startPeer } from './peer.ts';
import { startRoost } from './roost.ts';
import { measureTraffic, repeatOffRate, requireRates, type Spent, tell } from './traffic.ts';

export type Field = {
  readonly clients: number;
  /** Metres of the square. */
  readonly side: number;
  /** Our view: metres that must be seen, and the cells of the grid. */
  readonly radius: number;
  readonly cell: number;
  /** Radius of the peer's exact circles; null: everybody sees everything. */
  readonly circle: number | null;
};

export const ticksPerSecond = 20;
const inputsPerSecond = 10;
const metresPerSecond = 4;
export const rates = { ticksPerSecond, inputsPerSecond };
/** By which the mean number of things in view may differ. */
const mostApart = 0.05;

/** A character is what docs/games.md makes in its first ten minutes, put somewhere by chance. */
const walker = `import { defineObject } from 'roost';

export default defineObject({
  look: { shape: 'circle', color: '#8899bb' },
  body: { shape: 'circle', radius: 0.3 },
  speed: ${metresPerSecond},
  on: {
    create(self, { world }) {
      self.teleport(world.random(0, world.width), world.random(0, world.height));
    },
  },
});
`;

export function walk(clients: number): Omit<LoadOptions, 'kind' | 'url' | 'place'> {
  return { clients, inputsPerSecond, metresPerSecond, decodeEvery: 1, joinAtOnce: 20 };
}

/** One round of ours. */
export async function measureRoost(context: Context, field: Field): Promise<Spent> {
  const { clients, side, radius, cell } = field;
  const files = {
    'games/field/game.json': {
      character: 'walker',
      zones: {
        field: {
          width: side,
          height: side,
          capacity: clients,
          view: { radius, cell, most: 400 },
          tickRate: ticksPerSecond,
        },
      },
    },
    'games/field/scripts/walker.ts': walker,
  };
  const roost = await startRoost(context, { files, game: 'field' });
  const load: LoadOptions = { ...walk(clients), kind: 'roost', url: roost.url, place: 'field/field' };
  const spent = await measureTraffic(context, { load, pid: roost.pid, mustSee: radius - 1 });
  await roost.stop();
  context.say(tell('Roost', spent));
  requireRates(context, spent, rates);
  return spent;
}

/**
 * One round of Colyseus.
 * @param bits  32: places as exact as can be. 16: to the 65,535th part of the side, which is coarser than ours.
 */
export async function measureColyseus(context: Context, field: Field, bits: 16 | 32 = 32): Promise<Spent> {
  const { clients, side, circle: radius } = field;
  const peer = await startPeer(context, 'colyseus', { side, radius, ticksPerSecond, metresPerSecond, bits });
  const load: LoadOptions = { ...walk(clients), kind: 'colyseus', url: peer.url, place: 'field' };
  // Its views are a fifth of a second old at most; in that nobody comes 2 m nearer to another.
  const mustSee = radius === null ? side * 2 : radius - 3;
  const spent = await measureTraffic(context, { load, pid: peer.pid, mustSee });
  await peer.stop();
  context.say(tell(`Colyseus, ${radius === null ? 'all' : `${radius} m`}, ${bits} bits`, spent));
  requireRates(context, spent, rates);
  return spent;
}

/** Both, in turn. @throws when one shows more than the other, by more than 5 %. */
export async function contest(context: Context, field: Field): Promise<Measured> {
  const ours: Spent[] = [];
  const theirs: Spent[] = [];
  for (let round = 0; round < context.rounds; round++) {
    ours.push(await repeatOffRate(context, () => measureRoost(context, field)));
    theirs.push(await repeatOffRate(context, () => measureColyseus(context, field)));
  }
  const seen = { ours: ours.map(({ report }) => report.inView), theirs: theirs.map(({ report }) => report.inView) };
  const apart = Math.abs(mean(seen.ours) / mean(seen.theirs) - 1);
  if (apart > mostApart) {
    const [mine, other] = [mean(seen.ours).toFixed(1), mean(seen.theirs).toFixed(1)];
    throw new Error(`Roost shows ${mine} things and Colyseus ${other}: more than 5 % apart is no comparison`);
  }
  return {
    figures: {
      cpu: { ours: ours.map(({ cpu }) => cpu), theirs: theirs.map(({ cpu }) => cpu) },
      bytes: { ours: ours.map(({ bytes }) => bytes), theirs: theirs.map(({ bytes }) => bytes) },
      'in view': seen,
      walked: { ours: ours.map(({ report }) => report.walked), theirs: theirs.map(({ report }) => report.walked) },
    },
    notes: [...ours.map((spent) => tell('Roost', spent)), ...theirs.map((spent) => tell('Colyseus', spent))],
  };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
