import { defineMethod, z } from 'roost/plugin';
import { checkOwner, typedPassword } from './_check.ts';
import { deactivate } from './_remove.ts';

/**
 * Closes your account until `auth.reactivate`; all of its logins end, and nothing of it is lost.
 * @returns `{}`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 1, burst: 10 },
  deadlineMs: 20_000,
  params: z.object({ password: typedPassword }),
  async handle({ caller, params: { password }, host }) {
    const { id } = await checkOwner(host, caller, { password, purpose: 'deactivation' });
    await deactivate(host, id, { held: false, caller });
    return {};
  },
});
