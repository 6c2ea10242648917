import { defineMethod, z } from 'roost/plugin';
import { noted } from './_noted.ts';

/**
 * Puts the former build of a plugin back in place; for whoever runs the node.
 * @returns the plugin, as in `host.plugins`
 */
export default defineMethod({
  allow: 'operator',
  params: z.object({ plugin: z.string().min(1).max(64) }),
  handle: ({ caller, params: { plugin }, host }) =>
    noted({ caller, host }, { method: 'host.rollback', target: plugin }, () => host.node.rollback(plugin)),
});
