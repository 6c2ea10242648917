import { defineMethod, type Host, HostError, type Transaction, z } from 'roost/plugin';
import { type AccountRow, getAccount } from './_accounts.ts';
import { checkOwner, typedPassword } from './_check.ts';
import { mailbox, tellSoon } from './_mail.ts';
import { ownAccount } from './_own.ts';
import { checkBirthDate, profile, writeProfile } from './_profile.ts';

/**
 * Replaces what you have told of yourself; what is left out is empty afterwards, but for the e-mail address, which stays.
 * Another address needs the password, since mail to it can set a new one.
 * @throws HostError auth.wrong, auth.throttled, auth.busy
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 0.5, burst: 5 },
  params: z.object({
    ...profile,
    email: z.union([z.literal(''), mailbox], 'wanted an e-mail address').optional(),
    password: typedPassword.optional(),
  }),
  async handle({ caller, params, host }) {
    const { email, password, ...told } = params;
    checkBirthDate(told.birthDate, host.clock.now());
    const account = await getAccount(host.db.read, ownAccount(caller).id);
    const moved = email !== undefined && email !== (account.email ?? '');
    if (moved) await checkOwner(host, caller, { password: given(password), purpose: 'e-mail address' });
    await host.db.transaction(async (trx) => {
      await writeProfile(trx, account.id, told);
      if (moved) await move(trx, account.id, email);
    });
    if (moved) tellOld(host, account);
    return { email: email ?? account.email ?? '', ...told };
  },
});

/** @throws HostError call.bad-params */
function given(password: string | undefined): string {
  if (password !== undefined) return password;
  const problem = 'is missing: another e-mail address needs it';
  throw new HostError('call.bad-params', `Wrong params for auth.change-profile: "password" ${problem}`, [
    { key: 'password', problem },
  ]);
}

/** A code on its way to the former address is good for nothing. */
async function move(trx: Transaction, account: string, email: string): Promise<void> {
  await trx.run('update accounts set email = ? where id = ?', [email === '' ? null : email, account]);
  await trx.run('delete from auth_codes where account = ?', [account]);
}

function tellOld(host: Host, { id, name, email }: AccountRow): void {
  host.log.info({ account: id }, 'e-mail address changed');
  if (email !== null) tellSoon(host, { account: id, name, email }, 'email-changed');
}
