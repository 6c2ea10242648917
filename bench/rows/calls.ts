import { fileURLToPath } from 'node:url';
import { median } from '../report.ts';
import type { Context, Row } from '../row.ts';
import { type Calls, type CallsRound, startCalls } from '../support/calls.ts';
import { startChild } from '../support/child.ts';
import { startRoost } from '../support/roost.ts';

const peer = fileURLToPath(new URL('../peers/echo.ts', import.meta.url));
const plugins = fileURLToPath(new URL('../plugins', import.meta.url));

const connections = 50;
/** So that the server never waits for the load; over HTTP a connection has one request at a time. */
const inFlight = { socket: 8, http: 1 } as const;

/** Everything a session may do is counted as always; there is only more of it. */
const limits = [
  ['--packets-per-second', '1000000', '--bytes-per-second', '104857600'],
  ['--calls-per-second', '100000', '--call-burst', '100000', '--calls-in-flight', '1000', '--lobby-ms', '3600000'],
].flat();

type Over = keyof typeof inFlight;
type Side = 'ours' | 'theirs';

export const row: Row = {
  name: 'calls',
  what: 'calls of a method that gives back its checked params, on 50 connections: socket.io, and JSON-RPC by POST',
  against: 'bare socket.io with an acknowledgement; bare fastify',
  figures: {
    socket: { unit: 'calls per second', target: { of: 'ratio', atLeast: 0.8 } },
    'socket CPU': { unit: 'µs server CPU per call' },
    rpc: { unit: 'requests per second', target: { of: 'ratio', atLeast: 0.7 } },
    'rpc CPU': { unit: 'µs server CPU per request' },
  },
  async run(context) {
    const game = { character: 'walker', zones: { field: {} } };
    const files = { 'games/bench/game.json': game, 'games/bench/scripts/walker.ts': walker };
    const roost = await startRoost(context, { files, game: 'bench', flags: ['--plugins', plugins, ...limits] });
    const socket = await compare(context, 'socket', roost);
    const rpc = await compare(context, 'http', roost);
    return {
      figures: {
        socket: pick([socket, 'perSecond']),
        'socket CPU': pick([socket, 'serverCpu']),
        rpc: pick([rpc, 'perSecond']),
        'rpc CPU': pick([rpc, 'serverCpu']),
      },
      notes: [toNote('socket.io', socket), toNote('JSON-RPC', rpc)],
    };
  },
};

const walker = "import { defineObject } from 'roost';\nexport default defineObject({});\n";

type Rounds = Readonly<Record<Side, readonly CallsRound[]>>;

async function compare(context: Context, over: Over, roost: { readonly url: string; readonly pid: number }) {
  const bare = startChild(process.execPath, [peer, over === 'http' ? 'fastify' : 'socketio']);
  context.after(() => bare.stop());
  const url = await bare.line((line) => line.startsWith('http'));
  const options = { over, connections, inFlight: inFlight[over] };
  const sides: Record<Side, Calls> = {
    ours: await startCalls(context, roost.pid, { ...options, url: roost.url }),
    theirs: await startCalls(context, bare.pid, { ...options, url }),
  };
  const [warmMs, roundMs] = context.quick ? [500, 500] : [2_000, 2_500];
  const rounds: Record<Side, CallsRound[]> = { ours: [], theirs: [] };
  for (const side of ['ours', 'theirs'] as const) await sides[side].round(warmMs);
  for (let round = 0; round < 2 * context.rounds; round++) {
    for (const side of round % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const)) {
      rounds[side].push(await sides[side].round(roundMs));
    }
  }
  // Before the server, or they complain of it.
  await Promise.all([sides.ours.stop(), sides.theirs.stop()]);
  await bare.stop();
  return rounds;
}

function pick([rounds, key]: readonly [Rounds, 'perSecond' | 'serverCpu']) {
  return { ours: rounds.ours.map((round) => round[key]), theirs: rounds.theirs.map((round) => round[key]) };
}

function toNote(name: string, { ours, theirs }: Rounds): string {
  const busy = (rounds: readonly CallsRound[], key: 'serverBusy' | 'loadBusy') =>
    `${Math.round(100 * median(rounds.map((round) => round[key])))} %`;
  return (
    `${name}: server and load were busy for ${busy(ours, 'serverBusy')} and ${busy(ours, 'loadBusy')} of a core with ours, ` +
    `${busy(theirs, 'serverBusy')} and ${busy(theirs, 'loadBusy')} with theirs.`
  );
}
