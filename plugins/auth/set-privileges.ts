import { defineMethod, z } from 'roost/plugin';
import { getAccount } from './_accounts.ts';
import { stateOf } from './_state.ts';

const privilege = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);

/**
 * Sets what an account may do, in its live sessions too, at once.
 * @returns `{ id, name, privileges }`
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ id: z.string().max(64), privileges: z.array(privilege).max(64) }),
  async handle({ params: { id, privileges: given }, host }) {
    const privileges = [...new Set(given)].sort();
    const { name } = await host.db.transaction(async (trx) => {
      const sql = 'update accounts set privileges = ? where id = ?';
      await trx.run(sql, [JSON.stringify(privileges), id]);
      return getAccount(trx.run, id);
    });
    const { revoked } = stateOf(host);
    revoked.change(id, privileges, host.clock.now());
    revoked.apply(host);
    return { id, name, privileges };
  },
});
