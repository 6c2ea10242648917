import { defineMethod, HostError, line, z } from 'roost/plugin';
import { findBuddy, noteBuddy } from './_buddies.ts';
import { getCharacter, selfOf, someName } from './_characters.ts';

/**
 * Keeps a note and a rating (1 to 5) of somebody in your list, for you alone; null removes one.
 * @returns `{ name, note, rating }`; null removes one
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({
    name: someName,
    text: line(200).nullable().optional(),
    rating: z.int().min(1).max(5).nullable().optional(),
  }),
  async handle({ caller, params: { name, text, rating }, host }) {
    const me = selfOf(caller);
    const other = await getCharacter(host, name);
    const mine = await host.db.transaction(async (trx) => {
      await noteBuddy(trx, [me.owner, other.owner], { note: text, rating });
      return findBuddy(trx.run, me.owner, other.owner);
    });
    if (!mine || mine.withdrawn) throw new HostError('friends.none', 'This character is not in your list');
    return { name: other.name, note: mine.note, rating: mine.rating };
  },
});
