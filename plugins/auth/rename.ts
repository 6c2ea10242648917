import { defineMethod, z } from 'roost/plugin';
import { checkAccountName, findAccount, taken, toKey } from './_accounts.ts';
import { checkOwner, typedPassword } from './_check.ts';

/** Changes the name that you log in with. */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 1, burst: 10 },
  deadlineMs: 20_000,
  params: z.object({ name: z.string().max(64), password: typedPassword }),
  async handle({ caller, params: { name, password }, host }) {
    checkAccountName(name);
    const { id } = await checkOwner(host, caller, { password, purpose: 'change of name' });
    await host.db.transaction(async (trx) => {
      const other = await findAccount(trx.run, { name });
      if (other && other.id !== id) throw taken();
      await trx.run('update accounts set name = ?, name_key = ? where id = ?', [name, toKey(name), id]);
    });
    host.sessions.changeAccount(id, { name });
    return { account: { name } };
  },
});
