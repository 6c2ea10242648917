import { defineMethod, z } from 'roost/plugin';
import { getCharacter } from './_characters.ts';
import { nameParam } from './_params.ts';
import { placeOf } from './_places.ts';

/**
 * Tells which zone a character is in now, or was in last, and whether it is online.
 * @returns `{ name, game, online, zone }`
 */
export default defineMethod({
  rate: { perSecond: 5, burst: 10 },
  params: z.object({ name: nameParam }),
  async handle({ params, host }) {
    const character = await getCharacter(host, params.name);
    const { name, game } = character;
    return { name, game, ...(await placeOf(host, character)) };
  },
});
