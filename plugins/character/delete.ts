import { defineMethod, z } from 'roost/plugin';
import { getOwn } from './_characters.ts';
import { deleteCharacter } from './_erase.ts';
import { mine } from './_mine.ts';
import { nameParam } from './_params.ts';

/**
 * Deletes a character of your account for good, with all that it holds; not while it is in play.
 * @returns `{ name }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 1, burst: 10 },
  params: z.object({ name: nameParam }),
  async handle({ caller, params, host }) {
    const character = await getOwn(host, mine(caller), params.name);
    await deleteCharacter(host, character);
    return { name: character.name };
  },
});
