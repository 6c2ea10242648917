/** Row turn: text between pairs of players in the format of the older turn server, against the least that answers a body. */
import { fileURLToPath } from 'node:url';
import type { Context, Row } from '../row.ts';
import { type Calls, type CallsRound, startCalls } from '../support/calls.ts';
import { startChild } from '../support/child.ts';
import { startRoost } from '../support/roost.ts';

const peer = fileURLToPath(new URL('../peers/echo.ts', import.meta.url));

/** Two for a match. */
const connections = 50;

type Side = 'ours' | 'theirs';
type Rounds = Readonly<Record<Side, readonly CallsRound[]>>;

export const row: Row = {
  name: 'turn',
  what: '`POST /turn` on 50 connections, two for a match: each brings a text with a new counter and takes what has arrived',
  against: 'bare node:http that gives back the body',
  figures: {
    requests: { unit: 'requests per second', target: { of: 'ratio', atLeast: 0.5 } },
    CPU: { unit: 'µs server CPU per request' },
  },
  async run(context) {
    const game = { character: 'walker', zones: { field: {} } };
    const files = { 'games/bench/game.json': game, 'games/bench/scripts/walker.ts': walker };
    const roost = await startRoost(context, { files, game: 'bench' });
    const { ours, theirs } = await compare(context, roost);
    const pick = (key: 'perSecond' | 'serverCpu') => ({
      ours: ours.map((round) => round[key]),
      theirs: theirs.map((round) => round[key]),
    });
    return { figures: { requests: pick('perSecond'), CPU: pick('serverCpu') } };
  },
};

const walker = "import { defineObject } from 'roost';\nexport default defineObject({});\n";

async function compare(context: Context, roost: { readonly url: string; readonly pid: number }): Promise<Rounds> {
  const bare = startChild(process.execPath, [peer, 'http']);
  context.after(() => bare.stop());
  const url = await bare.line((line) => line.startsWith('http'));
  const options = { connections, inFlight: 1 };
  const sides: Record<Side, Calls> = {
    ours: await startCalls(context, roost.pid, { ...options, over: 'turn', url: roost.url }),
    theirs: await startCalls(context, bare.pid, { ...options, over: 'body', url }),
  };
  const [warmMs, roundMs] = context.quick ? [500, 500] : [2_000, 2_500];
  const rounds: Record<Side, CallsRound[]> = { ours: [], theirs: [] };
  for (const side of ['ours', 'theirs'] as const) await sides[side].round(warmMs);
  for (let round = 0; round < 2 * context.rounds; round++) {
    for (const side of round % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const)) {
      rounds[side].push(await sides[side].round(roundMs));
    }
  }
  // Before the servers, or they complain of it.
  await Promise.all([sides.ours.stop(), sides.theirs.stop()]);
  await bare.stop();
  return rounds;
}
