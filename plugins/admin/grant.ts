import { defineMethod, z } from 'roost/plugin';
import { accountName, changePrivileges } from './_accounts.ts';
import { audited } from './_audit.ts';
import { checkKnown, privilege } from './_privileges.ts';

/**
 * Gives an account a privilege; its live connections have it at once.
 * @returns `{ name, privileges }`
 */
export default defineMethod({
  allow: 'admin',
  params: z.object({
    name: accountName,
    privilege,
    /** Also one that no loaded method asks for. */
    make: z.boolean().default(false),
  }),
  async handle({ caller, params, host }) {
    const { name, privilege: granted, make } = params;
    return audited({ caller, host }, { method: 'admin.grant', target: name, params }, async (write) => {
      if (!make) await checkKnown(host, granted);
      const account = await changePrivileges(host, name, async ({ privileges }, trx) => {
        const values = [granted, caller.account?.name ?? caller.id, host.clock.now()];
        if (make)
          await trx.run(
            'insert into admin_privileges (name, made_by, made) values (?, ?, ?) on conflict do nothing',
            values,
          );
        await write(trx);
        return [...privileges, granted];
      });
      return { name: account.name, privileges: account.privileges };
    });
  },
});
