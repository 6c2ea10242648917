import { defineMethod, z } from 'roost/plugin';
import { eraseOwnerless } from './_erase.ts';

/**
 * Erases what is in the world of an owner whose character there is no more, for other plugins; any other stays.
 * @returns `{}`
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ owner: z.string() }),
  async handle({ params, host }) {
    await eraseOwnerless(host, params.owner);
    return {};
  },
});
