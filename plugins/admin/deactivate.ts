import { defineMethod, z } from 'roost/plugin';
import { accountName, dispense } from './_accounts.ts';
import { audited } from './_audit.ts';

/**
 * Closes an account with all its logins and connections, at once; only an administrator can open it again.
 * @returns `{ name, active }`
 */
export default defineMethod({
  allow: 'admin',
  params: z.object({ name: accountName }),
  handle: ({ caller, params, host }) =>
    audited({ caller, host }, { method: 'admin.deactivate', target: params.name, params }, () =>
      dispense(host, caller, params.name, async ({ id, name }) => {
        await host.call('auth.set-state', { id, state: 'inactive' }, { as: 'server' });
        return { name, active: false };
      }),
    ),
});
