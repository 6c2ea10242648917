import { defineMethod, z } from 'roost/plugin';
import { accountName, getAccount } from './_accounts.ts';
import { listPrivileges } from './_privileges.ts';

/**
 * Lists the privileges of an account, and all that can be granted.
 * @returns `{ name?, privileges?, known }`, `known` being all that can be granted
 */
export default defineMethod({
  allow: 'admin',
  params: z.object({ name: accountName.optional() }),
  async handle({ params: { name }, host }) {
    const known = await listPrivileges(host);
    if (name === undefined) return { known };
    const account = await getAccount(host.db.read, name);
    return { name: account.name, privileges: account.privileges, known };
  },
});
