import { HostError } from '../contract/errors.ts';
import type { Worker } from './worker.ts';

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
