import { defineMethod, z } from 'roost/plugin';
import { makeCharacter } from './_make.ts';

/**
 * Creates a character of an account, or of a bot by its id, for other plugins.
 * @returns `{ name, game }`, as `character.create`
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ account: z.string(), name: z.string(), game: z.string() }),
  handle: ({ params: { account, name, game }, host }) => makeCharacter(host, account, name, game),
});
