import { defineMethod, z } from 'roost/plugin';

/**
 * Lists the scripts that may be edited, with their builds and what became of them.
 * @returns `[{ path, name, role, game, build, state }]` by path
 */
export default defineMethod({
  allow: 'build',
  rate: { perSecond: 1, burst: 10 },
  params: z.object({}),
  handle: ({ host }) => host.node.scripts.list(),
});
