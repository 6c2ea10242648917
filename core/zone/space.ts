/**
 * The space of a zone: its physics, ways and walks, and the verbs that change them. Built from its content at the start,
 * and anew when a map is saved in development or a checkpoint is made.
 */
import type { KindInfo, ZoneContent } from '../contract/link.ts';
import type { Clock } from '../contract/ports.ts';
import { createBodies, type SavedBodies } from './bodies.ts';
import { createIntents, type Intents, type SavedIntents } from './intents.ts';
import { createPaths } from './path.ts';
import { createPhysics } from './physics.ts';
import type { Scene } from './verb.ts';
import { createWalks, type SavedWalks } from './walks.ts';

/** What stays when the space is built anew. */
type Fixed = Pick<Scene, 'objects' | 'timers' | 'frames' | 'ids' | 'mostObjects'>;

export interface Space {
  /** What it is built from. */
  readonly content: ZoneContent;
  readonly scene: Scene;
  readonly intents: Intents;
  /** Builds it anew. Bodies have still to be attached, once kinds are known. */
  renew(content: ZoneContent): void;
  save(): SavedSpace;
  /** Fills a space that is new just as the other was. */
  restore(saved: SavedSpace, kinds: ReadonlyMap<string, KindInfo>): void;
}

/** Bodies, walks and the rates of verbs. */
export type SavedSpace = {
  readonly bodies: SavedBodies;
  readonly walks: SavedWalks;
  readonly intents: SavedIntents;
};

type SpaceOptions = { readonly clock: Clock; readonly stepLimitMs?: number };

export function createSpace(first: ZoneContent, fixed: Fixed, options: SpaceOptions): Space {
  let content = first;
  let scene = createScene(content, fixed, options);
  let intents = createIntents(scene);

  return {
    get content() {
      return content;
    },
    get scene() {
      return scene;
    },
    get intents() {
      return intents;
    },
    renew(next) {
      content = next;
      scene = createScene(content, fixed, options);
      intents = createIntents(scene);
    },
    save: () => ({ bodies: scene.bodies.save(), walks: scene.walks.save(), intents: intents.save() }),
    restore(saved, kinds) {
      scene.bodies.restore(saved.bodies, kinds);
      scene.walks.restore(saved.walks);
      intents.restore(saved.intents);
    },
  };
}

function createScene(content: ZoneContent, fixed: Fixed, { clock, stepLimitMs }: SpaceOptions): Scene {
  const { spec, solids, character } = content;
  const budget = stepLimitMs === undefined ? {} : { stepLimitMs, clock: clock.monotonicMs };
  const physics = spec.physics ? createPhysics({ ...spec, ...spec.physics, solids, ...budget }) : null;
  const { objects } = fixed;
  const bodies = createBodies({ ...spec, objects, physics });
  const paths = createPaths({ ...spec, blocked: bodies.circleBlocked, version: bodies.version });
  return { ...fixed, ...spec, bodies, walks: createWalks(objects, bodies, paths), character };
}
