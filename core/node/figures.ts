/** Gathers what the metrics are written from: nothing of this happens before somebody asks. */
import type { ZoneInfo } from '../contract/ports.ts';
import type { RunningGateway } from '../gateway/gateway.ts';
import type { Methods } from '../methods/methods.ts';
import type { Figures, HeapFigures, WorkerFigures } from '../report/figures.ts';
import type { LoopDelay } from '../report/loop-delay.ts';
import type { Store } from '../store/store.ts';
import type { Tallies } from './tallies.ts';
import type { WorkerStats, Workers } from './workers.ts';
import type { HostedZones } from './zones.ts';

export type FiguresParts = {
  readonly version: string;
  readonly tallies: Tallies;
  readonly zones: Pick<HostedZones, 'list' | 'requests' | 'keeper'>;
  readonly workers: Pick<Workers, 'stats'>;
  readonly gateway: Pick<RunningGateway, 'figures'>;
  readonly methods: Pick<Methods, 'calls'>;
  readonly store: Pick<Store, 'queued'>;
  readonly loop: Pick<LoopDelay, 'read'>;
};

export function gatherFigures(parts: FiguresParts): Figures {
  const { version, tallies, zones, workers, gateway, methods, store, loop } = parts;
  return {
    version,
    zones: tallies.zones(),
    heaps: heapsOf(tallies, workers),
    states: countBy(zoneStates, zones.list()),
    scripts: tallies.scripts(),
    calls: methods.calls(),
    gateway: gateway.figures(),
    flush: zones.keeper.stats(),
    workers: toWorkers(workers),
    queues: { ...zones.requests(), transactions: store.queued() },
    loop: loop.read(),
  };
}

function heapsOf(tallies: Tallies, workers: FiguresParts['workers']): readonly HeapFigures[] {
  const heaps = new Map<string, HeapFigures>();
  for (const { zone, heap, objects, players } of workers.stats().zones) {
    const label = tallies.labelOf(zone);
    const sum = heaps.get(label) ?? { zone: label, bytes: 0, objects: 0, players: 0 };
    const { bytes } = sum;
    heaps.set(label, {
      zone: label,
      bytes: bytes + heap,
      objects: sum.objects + objects,
      players: sum.players + players,
    });
  }
  return [...heaps.values()];
}

function toWorkers(workers: FiguresParts['workers']): WorkerFigures {
  const { processes, ended } = workers.stats();
  return {
    processes: processes.map(({ id, rss, cpu, queuedBytes }) => ({ worker: id, rss, cpu, queuedBytes })),
    states: countBy(workerStates, processes),
    ended,
  };
}

/** All of them, so that none is missing where it is 0. */
const zoneStates: readonly ZoneInfo['state'][] = ['starting', 'running', 'asleep', 'recovering', 'closed'];
const workerStates: readonly WorkerStats['state'][] = ['starting', 'ready', 'spare'];

function countBy<State extends string>(
  states: readonly State[],
  all: readonly { readonly state: State }[],
): readonly (readonly [State, number])[] {
  return states.map((state) => [state, all.filter((one) => one.state === state).length] as const);
}
