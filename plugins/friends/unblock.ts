import { defineMethod, HostError, z } from 'roost/plugin';
import { anyoneOf, someName } from './_characters.ts';

/** Lets somebody whom you have blocked reach you again. */
export default defineMethod({
  rate: { perSecond: 1, burst: 10 },
  params: z.object({ name: someName }),
  async handle({ caller, params, host }) {
    const { owner } = anyoneOf(caller);
    const name = params.name.normalize('NFKC').trim();
    const gone = await host.db.transaction((trx) =>
      trx.run('delete from blocks where owner = ? and name = ? returning name', [owner, name]),
    );
    if (gone.length === 0) throw new HostError('friends.none', 'You have blocked nobody of this name');
    return { name };
  },
});
