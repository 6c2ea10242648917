/**
 * Calls as fast as it is answered, `bench.echo` or the turn relay, over many connections with a bound of calls in flight on each: a process
 * of its own that does as little as it can for a call. Its options are the first argument, as JSON.
 */
import { openHttpCaller, openSocketCaller } from './callers.ts';
import { openBodyCaller, openTurnCaller } from './turns.ts';

export type CallsOptions = {
  readonly url: string;
  readonly over: 'socket' | 'http' | 'turn' | 'body';
  readonly connections: number;
  /** Calls that wait for an answer on one connection. */
  readonly inFlight: number;
};

/** Parent → load: call for so long. */
export type CallsAsk = { readonly forMs: number };

/** Load → parent. */
export type CallsReport = {
  /** Answers that came within the time. */
  readonly calls: number;
  readonly ms: number;
  /** CPU of the load itself in milliseconds. */
  readonly ownCpuMs: number;
};

const options = JSON.parse(process.argv[2] ?? '{}') as CallsOptions;
let running = false;
let answered = 0;
/** Calls that wait for their answer, and what is done when none does any more. */
let waiting = 0;
let quiet: () => void = () => {};

/** Whether the connection is to send its next call. */
function goOn(): boolean {
  if (running) answered += 1;
  else {
    waiting -= 1;
    if (waiting === 0) quiet();
  }
  return running;
}

const doors = { socket: openSocketCaller, http: openHttpCaller, turn: openTurnCaller, body: openBodyCaller };
const open = doors[options.over];
const callers = await Promise.all(
  Array.from({ length: options.connections }, (_, number) => open(options.url, number, goOn)),
);

process.on('message', ({ forMs }: CallsAsk) => {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  answered = 0;
  running = true;
  waiting = callers.length * options.inFlight;
  for (const caller of callers) for (let i = 0; i < options.inFlight; i++) caller.call();
  setTimeout(() => {
    running = false;
    const { user, system } = process.cpuUsage(cpu);
    const report: CallsReport = {
      ...{ calls: answered, ms: performance.now() - startMs, ownCpuMs: (user + system) / 1_000 },
    };
    // A round that follows at once finds nothing of this one on its way.
    quiet = () => process.send?.(report);
  }, forMs);
});
process.once('disconnect', () => process.exit(0));
process.send?.('open');
