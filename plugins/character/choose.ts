import { defineMethod, HostError, z } from 'roost/plugin';
import { getOwn } from './_characters.ts';
import { mine } from './_mine.ts';
import { nameParam } from './_params.ts';
import { placeOf } from './_places.ts';

/**
 * Has this session play a character of your account, from the next `zone.enter` on.
 * @returns `{ name, game, online, zone }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({ name: nameParam }),
  async handle({ caller, params, host }) {
    const account = mine(caller);
    const character = await getOwn(host, account, params.name);
    const { owner, name, game } = character;
    // A logout may have come in between: nobody without the account plays what belongs to it.
    if (caller.account?.id !== account) throw new HostError('call.forbidden');
    await caller.play({ owner, name });
    return { name, game, ...(await placeOf(host, character)) };
  },
});
