import { defineMethod, z } from 'roost/plugin';
import { charactersOf } from './_characters.ts';
import { mine } from './_mine.ts';
import { placeOf } from './_places.ts';

/**
 * Lists the characters of your account by name: where they are, and which one this session plays.
 * @returns `{ characters: [{ name, game, online, zone, created, lastSeen, chosen }] }`, one's own, by name
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({}),
  async handle({ caller, host }) {
    const characters = await charactersOf(host, mine(caller));
    return {
      characters: await Promise.all(
        characters.map(async (character) => {
          const { name, game, created, lastSeen, owner } = character;
          const place = await placeOf(host, character);
          return { name, game, ...place, created, lastSeen, chosen: caller.owner === owner };
        }),
      ),
    };
  },
});
