import { defineMethod, z } from 'roost/plugin';
import { forget } from './_forget.ts';

/**
 * Removes all mail of an account that is deleted, for other plugins.
 * @returns `{}`
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ account: z.string().max(64) }),
  async handle({ params, host }) {
    await forget(host, params.account);
    return {};
  },
});
