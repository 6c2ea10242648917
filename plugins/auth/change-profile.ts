import { defineMethod, type Host, HostError, type Transaction, z } from 'roost/plugin';
import { type AccountRow, getAccount, updateChecked } from './_accounts.ts';
import { checkOwner, typedPassword } from './_check.ts';
import { compose, mailbox, sendSoon } from './_mail.ts';
import { admit, askedFrom, type Receiver } from './_mail-counts.ts';
import { ownAccount } from './_own.ts';
import { checkBirthDate, profile, writeProfile } from './_profile.ts';
import { getTemplate } from './_templates.ts';

const template = 'email-changed';
/** Mails to former addresses within an hour: to one mailbox, and for one address of the network that asks for changes. */
const toldMost = 3;
const askedMost = 10;

/**
 * Replaces what you have told of yourself; what is left out is empty afterwards, but for the e-mail address, which stays.
 * Another address needs the password, since mail to it can set a new one; the former one is told.
 * @returns the profile as it is now
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
    const { id, email: former } = await getAccount(host.db.read, ownAccount(caller).id);
    if (email === undefined || email === (former ?? '')) {
      await host.db.transaction((trx) => writeProfile(trx, id, told));
      return { email: former ?? '', ...told };
    }
    const account = await checkOwner(host, caller, { password: given(password), purpose: 'e-mail address' });
    const noted = await host.db.transaction(async (trx) => {
      await writeProfile(trx, id, told);
      await move(trx, account, email);
      return admitNote(host, trx, account, caller.address);
    });
    host.log.info({ account: id }, 'e-mail address changed');
    if (noted) sendSoon(host, noted, template, compose(host, noted, getTemplate(template)));
    return { email, ...told };
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
async function move(trx: Transaction, account: AccountRow, email: string): Promise<void> {
  await updateChecked(trx, account, 'email = ?', [email === '' ? null : email]);
  await trx.run('delete from auth_codes where account = ?', [account.id]);
}

/**
 * Whom the mail to the former address goes to; null when there is none to send. Nobody proved that the address was his:
 * who asks for many of these mails is refused the change itself, so that he cannot move an account without its owner being told.
 * @throws HostError auth.throttled
 */
async function admitNote(host: Host, trx: Transaction, former: AccountRow, address: string): Promise<Receiver | null> {
  const { id, name, email } = former;
  if (host.settings.smtp === '' || email === null) return null;
  const now = host.clock.now();
  if ((await askedFrom(trx.run, template, address, now)) >= askedMost)
    throw new HostError('auth.throttled', 'Too many e-mail addresses were changed from here: wait an hour', {
      retryS: 3600,
    });
  const to = { account: id, name, email };
  if (await admit(trx, to, { template, most: toldMost, address }, now)) return to;
  host.log.info({ account: id, template }, 'mail not sent: too many');
  return null;
}
