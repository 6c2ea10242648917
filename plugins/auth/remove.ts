import { defineMethod, z } from 'roost/plugin';
import { removeAccount } from './_remove.ts';

/**
 * Deletes an account for good, with its characters and all that is kept of it.
 * @returns `{}`
 */
export default defineMethod({
  allow: 'server',
  deadlineMs: 30_000,
  params: z.object({ id: z.string().max(64) }),
  async handle({ params: { id }, host }) {
    await removeAccount(host, id);
    return {};
  },
});
