import { defineMethod, z } from 'roost/plugin';
import { deleteAll } from './_erase.ts';

/**
 * Deletes all characters of an account that is deleted, for other plugins; those in play leave first.
 * @returns `{}`
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ account: z.string() }),
  async handle({ params, host }) {
    await deleteAll(host, params.account);
    return {};
  },
});
