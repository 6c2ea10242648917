import { defineMethod, z } from 'roost/plugin';

/** Puts the former build of a plugin back in place; only from the machine the node runs on. */
export default defineMethod({
  allow: 'operator',
  params: z.object({ plugin: z.string().min(1).max(64) }),
  handle: ({ params, host }) => host.node.rollback(params.plugin),
});
