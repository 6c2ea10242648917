import { defineMethod, fitting, z } from 'roost/plugin';

/** JSON of each list in an answer: of a thousand not all fit. */
const bytesMost = 75_000;

/**
 * Lists what became of saved scripts, the newest first: who saved which build, whether it passed, why not; and which builds
 * and files run no more. `more` says that some of these did not fit.
 * @returns `{ reloads, quarantined?, held?, more }`
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
      return { reloads: reloads.map(({ id, at, build, outcome }) => ({ id, at, build, outcome })), more: false };
    }
    const reloads = await host.node.reloads.list(limit, path);
    const { quarantined, held } = host.node.reloads.standing();
    const shown = {
      reloads: fitting(reloads, bytesMost),
      quarantined: fitting(quarantined, bytesMost),
      held: fitting(held, bytesMost),
    };
    const more =
      shown.reloads.length < reloads.length ||
      shown.quarantined.length < quarantined.length ||
      shown.held.length < held.length;
    return { ...shown, more };
  },
});
