import { defineMethod, z } from 'roost/plugin';

/**
 * Lists the loaded plugins with versions, builds, methods and failures.
 * @returns `{ plugins: [{ plugin, version, build, builds, former, state, methods, calls, failures, fault? }] }`
 */
export default defineMethod({
  rate: { perSecond: 2, burst: 5 },
  params: z.object({}),
  handle({ caller, host }) {
    const plugins = host.node.plugins();
    // Paths and code are for whoever runs the node.
    return {
      plugins: caller.loopback || caller.has('operator') ? plugins : plugins.map(({ fault: _, ...open }) => open),
    };
  },
});
