import { defineMethod, z } from 'roost/plugin';
import { audited } from './_audit.ts';

/**
 * Sets how much the node logs until it ends, and tells how it is: the least level of lines, and whether connections and calls
 * have lines. What was said and sent is never in them.
 * @returns `{ level, calls }`
 */
export default defineMethod({
  allow: 'admin',
  params: z.object({
    level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
    calls: z.boolean().optional(),
  }),
  async handle({ caller, params, host }) {
    const { level, calls } = params;
    if (level === undefined && calls === undefined) return host.node.logging();
    return audited({ caller, host }, { method: 'admin.log', params }, async (write) => {
      await host.db.transaction(write);
      return host.node.logging({
        ...(level === undefined ? {} : { level }),
        ...(calls === undefined ? {} : { calls }),
      });
    });
  },
});
