import { defineMethod, HostError, z } from 'roost/plugin';
import { findBuddy } from './_buddies.ts';
import { getCharacter, selfOf, someName } from './_characters.ts';

/**
 * Ends a friendship for both sides, or takes your own request back.
 * @returns `{ name }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({ name: someName }),
  async handle({ caller, params, host }) {
    const me = selfOf(caller);
    const other = await getCharacter(host, params.name);
    const pair = [me.owner, other.owner];
    const wereFriends = await host.db.transaction(async (trx) => {
      const mine = await findBuddy(trx.run, me.owner, other.owner);
      if (!mine || mine.withdrawn) throw new HostError('friends.none', 'This character is not in your list');
      if (mine.state === 'friend')
        await trx.run('delete from buddies where (owner = ? and other = ?) or (other = ? and owner = ?)', [
          ...pair,
          ...pair,
        ]);
      else await trx.run('update buddies set withdrawn = 1 where owner = ? and other = ?', pair);
      return mine.state === 'friend';
    });
    if (wereFriends) host.send({ user: other.owner }, 'friend-removed', { name: me.name });
    return { name: other.name };
  },
});
