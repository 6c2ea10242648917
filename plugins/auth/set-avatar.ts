import { defineMethod, z } from 'roost/plugin';
import { avatar } from './_avatar.ts';
import { ownAccount } from './_own.ts';

/**
 * Sets your avatar: an emoji or a word, a path on this server, a small PNG as a `data:` address; null takes it away.
 * @returns `{ avatar }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 0.5, burst: 5 },
  params: z.object({ avatar: avatar.nullable() }),
  async handle({ caller, params, host }) {
    const { id } = ownAccount(caller);
    await host.db.transaction(async (trx) => {
      if (params.avatar === null) return trx.run('delete from auth_avatars where account = ?', [id]);
      const sql =
        'insert into auth_avatars (account, text) values (?, ?) on conflict (account) do update set text = excluded.text';
      return trx.run(sql, [id, params.avatar]);
    });
    return { avatar: params.avatar };
  },
});
