import { defineMethod, HostError, z } from 'roost/plugin';
import { anyoneOf, getAnybody, someName } from './_characters.ts';

const blocksMost = 200;

/**
 * Blocks somebody: no whispers, no requests, no word of when you are online. He is not told; a friendship ends.
 * @returns `{ name }`
 */
export default defineMethod({
  rate: { perSecond: 1, burst: 10 },
  params: z.object({ name: someName }),
  async handle({ caller, params, host }) {
    const me = anyoneOf(caller);
    const other = await getAnybody(host, params.name);
    if (other.owner === me.owner) throw new HostError('friends.yourself', 'You cannot block yourself');
    const pair = [me.owner, other.owner];
    await host.db.transaction(async (trx) => {
      const [row] = await trx.run('select count(*) as count from blocks where owner = ?', [me.owner]);
      if (Number(row?.count) >= blocksMost)
        throw new HostError('friends.too-many', `You have blocked ${blocksMost} already`);
      await trx.run(
        `insert into blocks (owner, other, name, created) values (?, ?, ?, ?)
         on conflict (owner, other) do nothing`,
        [...pair, other.name, host.clock.now()],
      );
      await trx.run('delete from buddies where owner = ? and other = ?', pair);
      // What the other asked is his to see, and leads to nothing.
      await trx.run("delete from buddies where other = ? and owner = ? and state = 'friend'", pair);
      await trx.run("update buddies set state = 'walled' where other = ? and owner = ? and state = 'asked'", pair);
    });
    return { name: other.name };
  },
});
