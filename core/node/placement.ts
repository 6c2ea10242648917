/** Which worker runs a zone: the one with room for it, or one that is given room. */
import { setTimeout as wait } from 'node:timers/promises';
import { HostError } from '../contract/errors.ts';
import type { ZoneId } from '../contract/link.ts';
import type { Clock } from '../contract/ports.ts';
import type { HostedZone } from './hosted-zone.ts';
import type { Worker } from './worker.ts';
import type { Workers } from './workers.ts';
import type { ZoneHost } from './zone-host.ts';

/** What the node has given to a worker; the worker's own figures are half a second old. */
export type Load = {
  /** Zones that it was given and has not left. */
  readonly zones: number;
  /** Objects in its zones. */
  readonly objects: number;
  /** Root folders that its zones are from. */
  readonly roots: ReadonlySet<string>;
};

/**
 * Parts of a worker's memory cap above which it is given no more zones: the cap ends it with all that it has. The first
 * is of what its zones take, the second of all that is resident: V8 keeps the pages of isolates that are gone for some
 * eight seconds, and gives them to new ones.
 */
const fullPart = 0.8;
const brinkPart = 0.92;
/** What a worker takes without zones, and a zone beside its isolate's heap (bytes). */
const workerBytes = 160 * 1_048_576;
const zoneBytes = 4 * 1_048_576;
/** What a small zone takes, for those that are not in the worker's figures yet. */
const untoldBytes = 6 * 1_048_576;

/**
 * The worker for one more zone: the ready one with the fewest objects that has memory for it. One that has zones of
 * other roots is taken only when there is no other: a designer's bomb is to hit nobody else's.
 * @param mostBytes  Resident memory at which a worker ends.
 * @throws HostError `zone.unavailable` when none is ready, or all are full.
 */
export function placeZone(
  workers: readonly Worker[],
  root: string,
  loadOf: (worker: Worker) => Load,
  mostBytes: number,
): Worker {
  let best: { readonly worker: Worker; readonly mixed: boolean; readonly objects: number } | null = null;
  let isFull = false;
  for (const worker of workers) {
    if (!worker.ready) continue;
    const { objects, roots, zones } = loadOf(worker);
    if (isFullWith(worker, zones, mostBytes)) {
      isFull = true;
      continue;
    }
    const mixed = roots.size > (roots.has(root) ? 1 : 0);
    const better = best === null || (mixed === best.mixed ? objects < best.objects : best.mixed);
    if (better) best = { worker, mixed, objects };
  }
  if (!best)
    throw new HostError('zone.unavailable', isFull ? 'No worker has memory for one more zone' : 'No worker is ready');
  return best.worker;
}

function isFullWith({ stats }: Worker, zones: number, mostBytes: number): boolean {
  const told = stats.zones.length;
  const each = told === 0 ? 0 : stats.zones.reduce((sum, { heap }) => sum + heap, 0) / told + zoneBytes;
  const known = Math.min(stats.rss, workerBytes + Math.min(zones, told) * each);
  const untold = Math.max(0, zones - told) * untoldBytes;
  return known + untold > mostBytes * fullPart || stats.rss + untold > mostBytes * brinkPart;
}

/** A zone as a worker is found for it. */
type Placed = Pick<HostedZone, 'id' | 'run' | 'idleSinceMs' | 'close'>;

export type PlacementOptions = {
  readonly workers: Pick<Workers, 'setApart' | 'someReady' | 'active'>;
  readonly clock: Clock;
  /** Resident memory at which a worker ends. */
  readonly workerBytes: number;
  readonly zones: () => Iterable<Placed>;
  /** The folder that the zone's game lies in. */
  readonly rootOf: (zone: ZoneId) => string;
  /** Nobody waits for a worker any more. */
  readonly isStopping: () => boolean;
};

/** Zones that sleep and make room together for one that is wanted. */
const unloadedAtOnce = 4;
/** A zone waits so long for a worker that has room, and looks so often. */
const roomMs = 10_000;
const roomLookMs = 250;
/** A zone that is to be alone in a worker waits so long for one; then it has to share. */
const apartMs = 3_000;

/** Places zones, and has those that sleep make room: as `ZoneHost.place`. */
export function createPlacement(options: PlacementOptions): ZoneHost['place'] {
  const { workers, clock, zones, rootOf, isStopping } = options;

  function loadOf(worker: Worker): Load {
    const roots = new Set<string>();
    let objects = 0;
    let count = 0;
    for (const { id, run } of zones()) {
      if (run?.worker !== worker) continue;
      count++;
      objects += 1 + run.claims.objects;
      // Where nothing stands nobody can be hurt: such a zone keeps no other root out.
      if (run.claims.objects > 0) roots.add(rootOf(id));
    }
    return { zones: count, objects, roots };
  }

  /** Unloads some of the zones that sleep, those that do longest. */
  async function makeRoom(): Promise<void> {
    const idle = [...zones()]
      .flatMap((zone) => (zone.idleSinceMs === null ? [] : { zone, sinceMs: zone.idleSinceMs }))
      .sort((a, b) => a.sinceMs - b.sinceMs)
      .slice(0, unloadedAtOnce);
    await Promise.all(idle.map(({ zone }) => zone.close()));
  }

  return async (id, caution) => {
    const apart = caution === 'careful' ? await workers.setApart(apartMs) : null;
    if (apart) return apart;
    await workers.someReady();
    for (const untilMs = clock.monotonicMs() + roomMs; ; ) {
      try {
        return placeZone(workers.active(), rootOf(id), loadOf, options.workerBytes);
      } catch (error) {
        if (isStopping() || clock.monotonicMs() > untilMs) throw error;
        await makeRoom();
        await wait(roomLookMs);
      }
    }
  };
}
