import { defineMethod, z } from 'roost/plugin';
import { audited } from './_audit.ts';

/**
 * Looks at the plugins folders and loads what has changed; a plugin that is named is loaded anew in any case.
 * @returns `{ plugins: [{ plugin, version, build, builds, state }] }`
 */
export default defineMethod({
  allow: 'admin',
  rate: { perSecond: 1, burst: 5 },
  params: z.object({ plugin: z.string().min(1).max(64).optional() }),
  handle: ({ caller, params, host }) =>
    audited({ caller, host }, { method: 'admin.reload', target: params.plugin, params }, async () => {
      const plugins = await host.node.reload(params.plugin);
      return {
        plugins: plugins.map(({ plugin, version, build, builds, state }) => ({
          plugin,
          version,
          build,
          builds,
          state,
        })),
      };
    }),
});
