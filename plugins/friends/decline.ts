import { defineMethod, HostError, z } from 'roost/plugin';
import { getCharacter, selfOf, someName } from './_characters.ts';

/**
 * Declines a character's request. It is not told, and asking again does not reach you.
 * @returns `{ name }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({ name: someName }),
  async handle({ caller, params, host }) {
    const me = selfOf(caller);
    const other = await getCharacter(host, params.name);
    const declined = await host.db.transaction((trx) =>
      trx.run(
        `update buddies set state = 'ignored' where owner = ? and other = ? and state = 'asked' and withdrawn = 0
         returning owner`,
        [other.owner, me.owner],
      ),
    );
    if (declined.length === 0) throw new HostError('friends.no-request', 'This character has not asked you');
    return { name: other.name };
  },
});
