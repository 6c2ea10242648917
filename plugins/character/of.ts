import { defineMethod, z } from 'roost/plugin';
import { charactersOf } from './_characters.ts';

/**
 * Gives the characters of an account by name, for other plugins.
 * @returns `[{ id, owner, name, game }]` by name
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ account: z.string() }),
  async handle({ params, host }) {
    const characters = await charactersOf(host, params.account);
    return characters.map(({ id, owner, name, game }) => ({ id, owner, name, game }));
  },
});
