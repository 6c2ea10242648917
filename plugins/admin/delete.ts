import { defineMethod, z } from 'roost/plugin';
import { accountName, dispense } from './_accounts.ts';
import { audited } from './_audit.ts';
import { applyBans } from './_bans.ts';
import { readMutes } from './_mutes.ts';

/**
 * Deletes an account for good, with its characters, its logins and all that is kept of it; its name is free again.
 * @returns `{ name }`
 */
export default defineMethod({
  allow: 'admin',
  deadlineMs: 30_000,
  params: z.object({ name: accountName }),
  handle: ({ caller, params, host }) =>
    audited({ caller, host }, { method: 'admin.delete', target: params.name, params }, (write) =>
      dispense(host, caller, params.name, async ({ id, name }) => {
        await host.call('auth.remove', { id }, { as: 'server' });
        await host.db.transaction(async (trx) => {
          // What was said of an address stays.
          await trx.run('delete from bans where account = ? and address is null', [id]);
          await trx.run('update bans set account = null, name = null where account = ?', [id]);
          await trx.run('delete from mutes where subject = ?', [id]);
          await write(trx);
        });
        await Promise.all([applyBans(host), readMutes(host)]);
        return { name };
      }),
    ),
});
