/**
 * The load generator, a process of its own: lets clients in, has them walk in circles, counts what they get, and answers
 * its parent. Its options are the first argument, as JSON.
 */
import { checkViews } from './check.ts';
import type { LoadAnswer, LoadAsk, LoadClient, LoadOptions, LoadReport } from './client.ts';
import { connectFloor } from './floor.ts';
import { Meter } from './meter.ts';
import { connectRoost } from './roost.ts';
import { Walkers } from './walkers.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as LoadOptions;
const clients: LoadClient[] = [];
const meter = new Meter(clients);
const walkers = new Walkers(clients, options, (ms) => meter.late(ms));

function say(answer: LoadAnswer): void {
  process.send?.(answer);
}

function fail(why: string): void {
  say({ say: 'failed', why });
}

async function connect(index: number): Promise<LoadClient> {
  const isDecoding = index % options.decodeEvery === 0;
  switch (options.kind) {
    case 'roost':
      return connectRoost(options, isDecoding, fail, (seconds) => meter.stamped(Date.now() - seconds * 1000));
    case 'colyseus':
      return (await import('./colyseus.ts')).connectColyseus(options, fail);
    case 'floor':
      return connectFloor(options, index, fail);
  }
}

/** Lets so many in, a few at a time. */
async function letIn(count: number): Promise<void> {
  const wanted = clients.length + count;
  while (clients.length < wanted) {
    const more = Math.min(options.joinAtOnce, wanted - clients.length);
    const first = clients.length;
    const joined = await Promise.all(Array.from({ length: more }, (_, at) => connect(first + at)));
    clients.push(...joined);
  }
  say({ say: 'ready', clients: clients.length });
}

async function answer(ask: LoadAsk): Promise<void> {
  switch (ask.ask) {
    case 'begin':
      meter.begin(walkers.sent);
      return say({ say: 'began' });
    case 'end':
      return say({ say: 'report', report: meter.end(walkers.sent) satisfies LoadReport });
    case 'check':
      return say({ say: 'checked', check: checkViews(clients, ask.radius) });
    case 'more':
      return letIn(ask.clients);
    case 'stop':
      walkers.stop();
      await Promise.all(clients.map((client) => client.close()));
      say({ say: 'stopped' });
      process.exit(0);
  }
}

function rethrow(error: unknown): void {
  fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

process.on('message', (ask: LoadAsk) => void answer(ask).catch(rethrow));
process.once('disconnect', () => process.exit(0));
process.on('uncaughtException', rethrow);
letIn(options.clients).then(() => walkers.start(), rethrow);
