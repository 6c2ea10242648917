import { defineMethod, HostError, z } from 'roost/plugin';
import { holds, memoryOf } from './_memory.ts';

/**
 * Refuses an account that is banned, for whoever lets accounts in.
 * @returns `{}`
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ account: z.string().min(1).max(64) }),
  handle({ params: { account }, host }) {
    const { bans } = memoryOf(host);
    if (!holds(bans, account, host.clock.now())) return {};
    throw new HostError('admin.banned', 'This account is banned', { until: bans.get(account) ?? null });
  },
});
