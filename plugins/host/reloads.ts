import { defineMethod, z } from 'roost/plugin';

/**
 * Lists what became of saved scripts, the newest first: who saved which build, whether it passed, why not; and which builds
 * and files run no more.
 * @returns `{ reloads, quarantined?, held? }`
 */
export default defineMethod({
  rate: { perSecond: 2, burst: 5 },
  params: z.object({
    path: z.string().min(1).max(200).optional(),
    limit: z.int().min(1).max(1_000).default(50),
  }),
  async handle({ caller, params: { path, limit }, host }) {
    // Paths and what is in files are for whoever runs the node.
    if (!caller.loopback && !caller.has('operator')) {
      const reloads = await host.node.reloads.list(limit);
      return { reloads: reloads.map(({ id, at, build, outcome }) => ({ id, at, build, outcome })) };
    }
    return { reloads: await host.node.reloads.list(limit, path), ...host.node.reloads.standing() };
  },
});
