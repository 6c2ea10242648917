import { HostError } from '../contract/errors.ts';
import type { Worker } from './worker.ts';

/**
 * The worker for one more zone: the ready one with the fewest objects.
 * @param objectsOn  Objects in the zones the node has given to a worker; the worker's own figures are half a second old.
 * @throws HostError `zone.unavailable` when none is ready.
 */
export function placeZone(workers: readonly Worker[], objectsOn: (worker: Worker) => number): Worker {
  let best: Worker | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const worker of workers) {
    if (!worker.ready) continue;
    const objects = objectsOn(worker);
    if (objects >= fewest) continue;
    best = worker;
    fewest = objects;
  }
  if (!best) throw new HostError('zone.unavailable', 'No worker is ready');
  return best;
}
