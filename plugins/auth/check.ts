import { defineMethod, z } from 'roost/plugin';
import { checkPassword, rehash, typedName, typedPassword } from './_check.ts';
import { askAdmission } from './_others.ts';

/**
 * Checks a name and password for another plugin, as `auth.login` does; `address` is that of whoever tries.
 * @returns `{ id, name, privileges }`
 */
export default defineMethod({
  allow: 'server',
  deadlineMs: 20_000,
  params: z.object({ name: typedName, password: typedPassword, address: z.string().max(64).default('') }),
  async handle({ params: { name, password, address }, host }) {
    const account = await checkPassword(host, { name, password, address, purpose: 'other plugin' });
    await askAdmission(host, account.id);
    await rehash(host, account, password, address);
    const { id, privileges } = account;
    return { id, name: account.name, privileges };
  },
});
