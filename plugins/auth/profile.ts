import { defineMethod, z } from 'roost/plugin';
import { getAccount } from './_accounts.ts';
import { ownAccount } from './_own.ts';
import { readProfile } from './_profile.ts';

/**
 * Reads what you have told of yourself; nobody else can.
 * @returns the profile: a key for each thing that was told
 */
export default defineMethod({
  allow: 'account',
  params: z.object({}),
  async handle({ caller, host }) {
    const { id, email } = await getAccount(host.db.read, ownAccount(caller).id);
    return { email: email ?? '', ...(await readProfile(host.db.read, id)) };
  },
});
