import { defineMethod, z } from 'roost/plugin';
import { isTaken } from './_characters.ts';

/**
 * Tells whether a name is that of a character or an account, save those of `account`, for other plugins.
 * @returns whether a character or an account has the name; those of `account` do not count
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ name: z.string(), account: z.string().optional() }),
  handle: ({ params, host }) => isTaken(host.db.read, params.name, params.account ?? null),
});
