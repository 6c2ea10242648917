import { defineMethod, HostError, z } from 'roost/plugin';
import { accountName, changePrivileges, keepAnAdmin } from './_accounts.ts';
import { audited } from './_audit.ts';
import { privilege } from './_privileges.ts';

/**
 * Takes a privilege from an account; its live connections lose it at once.
 * @returns `{ name, privileges }`
 */
export default defineMethod({
  allow: 'admin',
  params: z.object({ name: accountName, privilege }),
  async handle({ caller, params, host }) {
    const { name, privilege: revoked } = params;
    return audited({ caller, host }, { method: 'admin.revoke', target: name, params }, async (write) => {
      const account = await changePrivileges(host, name, async ({ id, privileges }, trx) => {
        if (!privileges.includes(revoked))
          throw new HostError('admin.not-granted', `The account has no privilege "${revoked}"`);
        if (revoked === 'admin') await keepAnAdmin(trx.run, id);
        await write(trx);
        return privileges.filter((one) => one !== revoked);
      });
      return { name: account.name, privileges: account.privileges };
    });
  },
});
