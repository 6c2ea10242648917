import { defineMethod, z } from 'roost/plugin';
import { makeCharacter } from './_make.ts';
import { mine } from './_mine.ts';

/**
 * Creates a character of your account; without `game` for the game of `/`.
 * @returns `{ name, game }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 1, burst: 20 },
  params: z.object({ name: z.string().max(64), game: z.string().min(1).max(64).optional() }),
  handle: ({ caller, params, host }) => makeCharacter(host, mine(caller), params.name, params.game ?? host.game),
});
