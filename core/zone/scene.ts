/** The space of a zone: its physics, ways and walks. Built at the start, and anew when a map is saved in development. */
import type { ZoneContent } from '../contract/link.ts';
import type { Clock } from '../contract/ports.ts';
import { createBodies } from './bodies.ts';
import { createPaths } from './path.ts';
import { createPhysics } from './physics.ts';
import type { Scene } from './verb.ts';
import { createWalks } from './walks.ts';

/** What stays when the space is built anew. */
export type Fixed = Pick<Scene, 'objects' | 'timers' | 'frames' | 'ids' | 'mostObjects'>;

/** Bodies have still to be attached, once kinds are known. */
export function createScene(
  content: ZoneContent,
  fixed: Fixed,
  { clock, stepLimitMs }: { readonly clock: Clock; readonly stepLimitMs?: number },
): Scene {
  const { spec, solids, character } = content;
  const budget = stepLimitMs === undefined ? {} : { stepLimitMs, clock: clock.monotonicMs };
  const physics = spec.physics ? createPhysics({ ...spec, ...spec.physics, solids, ...budget }) : null;
  const { objects } = fixed;
  const bodies = createBodies({ ...spec, objects, physics });
  const paths = createPaths({ ...spec, blocked: bodies.circleBlocked, version: bodies.version });
  return { ...fixed, ...spec, bodies, walks: createWalks(objects, bodies, paths), character };
}
