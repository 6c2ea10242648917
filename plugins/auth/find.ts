import { defineMethod, z } from 'roost/plugin';
import { findAccount } from './_accounts.ts';

/**
 * Finds an account by its name or id; null when there is none.
 * @returns `{ id, name, privileges, state }` or null
 */
export default defineMethod({
  allow: 'server',
  params: z.union([z.object({ name: z.string().max(64) }), z.object({ id: z.string().max(64) })]),
  async handle({ params, host }) {
    const account = await findAccount(host.db.read, params);
    if (!account) return null;
    const { id, name, privileges, state } = account;
    return { id, name, privileges, state };
  },
});
