import { defineMethod, z } from 'roost/plugin';
import { checkOwner, typedPassword } from './_check.ts';
import { removeAccount } from './_remove.ts';

/**
 * Deletes your account for good, with its characters and all that is kept of it.
 * @returns `{}`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 1, burst: 10 },
  deadlineMs: 30_000,
  params: z.object({ password: typedPassword }),
  async handle({ caller, params: { password }, host }) {
    const { id } = await checkOwner(host, caller, { password, purpose: 'deletion' });
    await removeAccount(host, id, caller);
    return {};
  },
});
