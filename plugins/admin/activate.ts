import { defineMethod, z } from 'roost/plugin';
import { accountName, getAccount } from './_accounts.ts';
import { audited } from './_audit.ts';

/**
 * Opens an account again that was deactivated.
 * @returns `{ name, active }`
 */
export default defineMethod({
  allow: 'admin',
  params: z.object({ name: accountName }),
  handle: ({ caller, params, host }) =>
    audited({ caller, host }, { method: 'admin.activate', target: params.name, params }, async () => {
      const { id, name } = await getAccount(host.db.read, params.name);
      await host.call('auth.set-state', { id, state: 'active' }, { as: 'server' });
      return { name, active: true };
    }),
});
