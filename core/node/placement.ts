import { HostError } from '../contract/errors.ts';
import type { Worker } from './worker.ts';

/** What the node has given to a worker; the worker's own figures are half a second old. */
export type Load = {
  /** Objects in its zones. */
  readonly objects: number;
  /** Root folders that its zones are from. */
  readonly roots: ReadonlySet<string>;
};

/**
 * The worker for one more zone: the ready one with the fewest objects. One that has zones of other roots is taken only
 * when there is no other: a designer's bomb is to hit nobody else's.
 * @throws HostError `zone.unavailable` when none is ready.
 */
export function placeZone(workers: readonly Worker[], root: string, loadOf: (worker: Worker) => Load): Worker {
  let best: { readonly worker: Worker; readonly mixed: boolean; readonly objects: number } | null = null;
  for (const worker of workers) {
    if (!worker.ready) continue;
    const { objects, roots } = loadOf(worker);
    const mixed = roots.size > (roots.has(root) ? 1 : 0);
    const better = best === null || (mixed === best.mixed ? objects < best.objects : best.mixed);
    if (better) best = { worker, mixed, objects };
  }
  if (!best) throw new HostError('zone.unavailable', 'No worker is ready');
  return best.worker;
}
