import { defineMethod, HostError, z } from 'roost/plugin';
import { befriend, findBuddy } from './_buddies.ts';
import { getCharacter, selfOf, someName } from './_characters.ts';
import { tellOnline } from './_online.ts';

/**
 * Accepts a character's request: you are friends, both of you.
 * @returns `{ name, state: 'friend' }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({ name: someName }),
  async handle({ caller, params, host }) {
    const me = selfOf(caller);
    const other = await getCharacter(host, params.name);
    await host.db.transaction(async (trx) => {
      const theirs = await findBuddy(trx.run, other.owner, me.owner);
      if (theirs?.state !== 'asked' || theirs.withdrawn)
        throw new HostError('friends.no-request', 'This character has not asked you');
      await befriend(trx, me.owner, other.owner, host.clock.now());
    });
    await tellOnline(host, me, other);
    return { name: other.name, state: 'friend' };
  },
});
