import { defineMethod, z } from 'roost/plugin';
import { stateOf } from './_state.ts';

/**
 * Tells how many passwords were hashed since the node started, how many wait, and how many at a time.
 * @returns `{ hashes, waiting, atOnce }`
 */
export default defineMethod({
  allow: 'operator',
  params: z.object({}),
  handle: ({ host }) => stateOf(host).hashes.load(),
});
