import { defineMethod, z } from 'roost/plugin';
import { findCharacter } from './_characters.ts';

/**
 * Gives the character of a name and whose it is, or null, for other plugins.
 * @returns `{ id, owner, account, name, game }`, or null
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ name: z.string() }),
  async handle({ params, host }) {
    const found = await findCharacter(host, params.name);
    if (!found) return null;
    const { id, owner, account, name, game } = found;
    return { id, owner, account, name, game };
  },
});
