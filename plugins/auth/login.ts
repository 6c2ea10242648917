import { defineMethod, HostError, z } from 'roost/plugin';
import { checkPassword, rehash, typedName, typedPassword } from './_check.ts';
import { logIn } from './_login.ts';
import { askAdmission } from './_others.ts';

/**
 * Logs you in: the token is good at every door until it ends, or for the browser alone with `cookie`.
 * @returns `{ token?, account: { name, privileges, trusted }, until }`
 */
export default defineMethod({
  rate: { perSecond: 50, burst: 200 },
  deadlineMs: 20_000,
  params: z.object({ name: typedName, password: typedPassword, cookie: z.boolean().default(false) }),
  async handle({ caller, params: { name, password, cookie }, host }) {
    if (cookie && caller.via !== 'http')
      throw new HostError('call.bad-params', 'Wrong params for auth.login: "cookie" is for POST /rpc', [
        { key: 'cookie', problem: 'is for POST /rpc' },
      ]);
    const row = await checkPassword(host, { name, password, address: caller.address, purpose: 'login' });
    await askAdmission(host, row.id);
    const kind = caller.page || cookie ? 'play' : 'full';
    const { token, account } = await logIn(host, caller, row, kind);
    await rehash(host, row, password, caller.address);
    const { privileges, trusted, until } = account;
    const told = { account: { name: account.name, privileges, trusted }, until };
    if (!cookie) return { token, ...told };
    caller.keep(token, host.settings.loginDays * 86_400);
    return told;
  },
});
