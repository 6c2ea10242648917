import { defineMethod, z } from 'roost/plugin';
import { findAccount } from './_accounts.ts';

/**
 * Says who you are logged in as, or that you are not, and how one becomes somebody here.
 * @returns `{ account, open: { guests, serials, recovery } }`
 */
export default defineMethod({
  params: z.object({}),
  async handle({ caller, host }) {
    const { guests, serials, smtp } = host.settings;
    return { account: await tell(), open: { guests, serials, recovery: smtp !== '' } };

    async function tell() {
      if (!caller.account) return null;
      const { id, name, privileges, trusted, until } = caller.account;
      const row = await findAccount(host.db.read, { id });
      const { email = null, created = null, logins = null, onlineMinutes = null } = row ?? {};
      return { name, privileges, trusted, until, email, created, logins, onlineMinutes };
    }
  },
});
