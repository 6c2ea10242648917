import { defineMethod, z } from 'roost/plugin';
import { forget, sweep } from './_forget.ts';

/** Removes all that is kept of a character, by its owner, or of the characters of an account. */
export default defineMethod({
  allow: 'server',
  params: z.union([z.object({ owner: z.string().max(64) }), z.object({ account: z.string().max(64) })]),
  async handle({ params, host }) {
    if ('owner' in params) await forget(host, [params.owner]);
    else {
      const rows = await host.db.read('select id from characters where account = ?', [params.account]);
      await forget(
        host,
        rows.map(({ id }) => `character:${id}`),
      );
      await sweep(host);
    }
    return {};
  },
});
