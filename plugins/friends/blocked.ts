import { defineMethod, z } from 'roost/plugin';
import { anyoneOf } from './_characters.ts';

/**
 * Lists whom you have blocked.
 * @returns `{ blocked: [{ name, since }] }`
 */
export default defineMethod({
  rate: { perSecond: 1, burst: 5 },
  params: z.object({}),
  async handle({ caller, host }) {
    const { owner } = anyoneOf(caller);
    const rows = await host.db.read('select name, created from blocks where owner = ? order by name', [owner]);
    return { blocked: rows.map(({ name, created }) => ({ name, since: created })) };
  },
});
