/** What the node tells of a followed call: its part in the worker and the commit of its tick. */
import type { Clock, Tracing } from '../contract/ports.ts';
import type { Run, Settled } from './run.ts';

/** The worker has no sockets: its times came with the outcome. They are a claim, and no later than now. */
export function tellTick(tracing: Tracing, clock: Clock, run: Run, { ask: { ask }, outcome }: Settled): void {
  const { timing } = outcome;
  if (ask.trace === undefined || timing === undefined) return;
  const now = clock.now();
  const from = Math.min(timing.at, now);
  const { zone, epoch, tick, worker } = run;
  tracing.part(ask.trace, {
    name: 'zone.tick',
    from,
    to: Math.min(now, from + (timing.waitMs + timing.tickMs) / 1_000),
    facts: { zone, epoch, tick, worker: worker.pid, wait_ms: timing.waitMs, tick_ms: timing.tickMs },
    ...(outcome.ok ? {} : { code: outcome.code }),
  });
}

/** @returns To be called when it is known what became of the commit that these answers wait for. */
export function followCommit(
  tracing: Tracing,
  clock: Clock,
  answers: readonly Settled[],
  facts: { readonly zone: string; readonly tick: number; readonly rows: number },
): (code?: string) => void {
  const from = clock.now();
  return (code) => {
    const to = clock.now();
    for (const { ask } of answers) {
      if (ask.ask.trace === undefined) continue;
      tracing.part(ask.ask.trace, {
        ...{ name: 'store.commit', from, to, facts },
        ...(code === undefined ? {} : { code }),
      });
    }
  };
}
