import { defineMethod, z } from 'roost/plugin';

/**
 * Tells what runs here: version, games and zones with their tick rates, methods with their docs, params and `allow`.
 * @returns `{ version, protocol, games, zones, methods }`: games and zones with tick rates, methods with `doc`, `allow`, `rate`
 * and a JSON Schema of `params`
 */
export default defineMethod({
  rate: { perSecond: 2, burst: 5 },
  params: z.object({}),
  handle: ({ host }) => host.node.info(),
});
