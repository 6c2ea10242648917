import { defineMethod, z } from 'roost/plugin';
import { getAccount } from './_accounts.ts';
import { deactivate } from './_remove.ts';

/**
 * Closes an account so that its owner cannot open it, with its logins and live sessions; or opens it again.
 * @returns `{ id, name, state }`
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ id: z.string().max(64), state: z.enum(['active', 'inactive']) }),
  async handle({ params: { id, state }, host }) {
    const { name } = await getAccount(host.db.read, id);
    if (state === 'inactive') await deactivate(host, id, { held: true });
    else
      await host.db.transaction((trx) => trx.run("update accounts set state = 'active', held = 0 where id = ?", [id]));
    return { id, name, state };
  },
});
