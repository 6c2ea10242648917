import type { ObjectId } from '../contract/link.ts';
import type { Examined } from '../contract/ports.ts';
import type { Run } from './run.ts';

/** What the node knows of an object of a zone that runs: its script's build, its faults, what it costs. */
export function examine(run: Run, object: ObjectId): Examined {
  const kind = run.claims.kindOf(object);
  const program = run.programs.find(({ role, name }) => role === 'object' && name === kind);
  const stats = run.worker.stats.zones.find(({ zone }) => zone === run.zone);
  return {
    build: program?.build ?? null,
    resting: program?.resting ?? null,
    faults: run.faults.get(object) ?? 0,
    cost: stats?.objectCosts.find(({ id }) => id === object) ?? null,
    kindCost: stats?.costs.find((cost) => cost.kind === kind) ?? null,
  };
}
