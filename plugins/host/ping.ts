import { defineMethod, z } from 'roost/plugin';

/**
 * Answers at once with the node's time in Unix seconds, so that a client can measure the way there and back.
 * @returns `{ at }`, the node's time in Unix seconds
 */
export default defineMethod({
  rate: { perSecond: 2, burst: 5 },
  params: z.object({}),
  handle: ({ host }) => ({ at: host.clock.now() }),
});
