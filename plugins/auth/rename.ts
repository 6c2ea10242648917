import { defineMethod, z } from 'roost/plugin';
import { checkAccountName, findAccount, taken, toKey, updateChecked } from './_accounts.ts';
import { checkOwner, typedPassword } from './_check.ts';

/**
 * Changes the name that you log in with.
 * @returns `{ account: { name } }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 1, burst: 10 },
  deadlineMs: 20_000,
  params: z.object({ name: z.string().max(64), password: typedPassword }),
  async handle({ caller, params: { name, password }, host }) {
    checkAccountName(name);
    const account = await checkOwner(host, caller, { password, purpose: 'change of name' });
    const { id } = account;
    await host.db.transaction(async (trx) => {
      const other = await findAccount(trx.run, { name });
      if (other && other.id !== id) throw taken();
      await updateChecked(trx, account, 'name = ?, name_key = ?', [name, toKey(name)]);
    });
    host.sessions.changeAccount(id, { name });
    return { account: { name } };
  },
});
