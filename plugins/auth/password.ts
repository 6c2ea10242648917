import { defineMethod, z } from 'roost/plugin';
import { checkNewPassword, checkOwner, newPassword, typedPassword } from './_check.ts';
import { setPassword } from './_password.ts';

/**
 * Changes your password; every other login of yours ends.
 * @returns `{}`
 */
export default defineMethod({
  allow: 'account',
  // More than wrong ones are counted: whoever guesses hears of the throttle.
  rate: { perSecond: 1, burst: 20 },
  deadlineMs: 20_000,
  params: z.object({ old: typedPassword, new: newPassword }),
  async handle({ caller, params, host }) {
    checkNewPassword(params.new);
    const account = await checkOwner(host, caller, { password: params.old, purpose: 'change of password' });
    await setPassword(host, account, params.new, { address: caller.address, except: caller.account?.credential });
    return {};
  },
});
