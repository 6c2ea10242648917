import { defineMethod, z } from 'roost/plugin';
import { checkPassword, typedName, typedPassword } from './_check.ts';

/**
 * Opens an account again that its owner had closed.
 * @returns `{ account: { name } }`
 */
export default defineMethod({
  rate: { perSecond: 5, burst: 20 },
  deadlineMs: 20_000,
  params: z.object({ name: typedName, password: typedPassword }),
  async handle({ caller, params: { name, password }, host }) {
    const { address } = caller;
    const account = await checkPassword(host, { name, password, address, purpose: 'reactivation', inactive: true });
    await host.db.transaction((trx) =>
      trx.run("update accounts set state = 'active' where id = ? and held = 0", [account.id]),
    );
    return { account: { name: account.name } };
  },
});
