/** The load of row calls (bench/load/calls.ts) as its parent sees it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CallsAsk, CallsOptions, CallsReport } from '../load/calls.ts';
import type { Context } from '../row.ts';
import { readCpu } from './cpu.ts';

const entry = fileURLToPath(new URL('../load/calls.ts', import.meta.url));

/** What one round came to. */
export type CallsRound = {
  readonly perSecond: number;
  /** Microseconds of the server's CPU for a call, its workers included. */
  readonly serverCpu: number;
  /** Parts of a core that were busy. */
  readonly serverBusy: number;
  readonly loadBusy: number;
};

export type Calls = {
  round(forMs: number): Promise<CallsRound>;
  /** Harmless twice. */
  stop(): Promise<void>;
};

/** @param pid  The server's process. Resolves when all connections are open. */
export async function startCalls(context: Context, pid: number, options: CallsOptions): Promise<Calls> {
  const child = fork(entry, [JSON.stringify(options)], { execArgv: ['--max-semi-space-size=32'] });
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => undefined);
  child.once('exit', (code) => ended.reject(new Error(`the load ended (${code}): its words are above`)));
  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  context.after(stop);
  const next = () => Promise.race([once(child, 'message').then(([message]) => message as unknown), ended.promise]);
  await next();
  return {
    stop,
    async round(forMs) {
      const before = readCpu(pid);
      const answer = next();
      child.send({ forMs } satisfies CallsAsk);
      const { calls, ms, ownCpuMs } = (await answer) as CallsReport;
      const cpuMs = readCpu(pid).ms - before.ms;
      return {
        ...{ perSecond: (calls * 1_000) / ms, serverCpu: (cpuMs * 1_000) / calls },
        ...{ serverBusy: cpuMs / ms, loadBusy: ownCpuMs / ms },
      };
    },
  };
}
