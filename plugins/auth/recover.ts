import { defineMethod, type Host, type Transaction, z } from 'roost/plugin';
import { findAccount } from './_accounts.ts';
import { typedName } from './_check.ts';
import { hashOfCode, makeCode } from './_codes.ts';
import { compose, needMail, sendSoon } from './_mail.ts';
import { askedFrom, count, isBusy, type Receiver, sentTo } from './_mail-counts.ts';
import { stateOf } from './_state.ts';
import { getTemplate } from './_templates.ts';

const template = 'recovery';
const hourMost = 3;
const minutes = 30;
const tooOften = 'too often from this address';

/**
 * Sends a code to the e-mail address of the account, with which `auth.reset` sets a new password within half an hour.
 * The answer is the same whether there is such an account, and whether it has an address.
 * @returns `{ asked: true }`
 * @throws HostError auth.no-mail
 */
export default defineMethod({
  rate: { perSecond: 0.5, burst: 10 },
  params: z.object({ name: typedName }),
  handle({ params: { name }, caller, host }) {
    needMail(host);
    const { address } = caller;
    stateOf(host)
      .recoveries.take(address, () => recover(host, name, address))
      .catch((error: unknown) => host.log.warn({ address, reason: String(error) }, 'no code was sent'));
    return { asked: true };
  },
});

type Asker = Receiver & { readonly held: boolean };

/** Nobody knows when: neither the answer, which has gone, nor the load of the node tells whether a mail goes out. */
async function recover(host: Host, typed: string, address: string): Promise<void> {
  await new Promise<void>((done) => host.after(host.random(), done));
  const to = await find(host, typed);
  const now = host.clock.now();
  const refuse = (reason: string) => host.log.info({ account: to.account, address, reason }, 'no code was sent');
  // Asked without a transaction first: who asks all the time is to cost nothing but this.
  if ((await askedFrom(host.db.read, template, address, now)) >= hourMost) return refuse(tooOften);
  const code = makeCode();
  const refusal = await host.db.transaction((trx) => note(trx, now, to, address, code));
  if (refusal !== null) return refuse(refusal);
  sendSoon(host, to, template, compose(host, to, getTemplate(template), { code, minutes: `${minutes}` }));
}

/** Of a name that nobody has, nobody's. */
async function find({ db }: Host, name: string): Promise<Asker> {
  const found = await findAccount(db.read, { name });
  return {
    account: found?.id ?? '',
    name: found?.name ?? '',
    email: found?.email ?? '',
    held: found?.held ?? false,
  };
}

/** Counts it, and keeps the code in the place of a former one; or says why there is to be no mail. */
async function note(trx: Transaction, now: number, to: Asker, address: string, code: string) {
  if ((await askedFrom(trx.run, template, address, now)) >= hourMost) return tooOften;
  const refusal = await refusalOf(trx, now, to);
  await count(trx, { template, account: to.account, email: to.email, address, sent: refusal === null }, now);
  await trx.run('delete from auth_codes where account = ? or expires < ?', [refusal === null ? to.account : '', now]);
  if (refusal !== null) return refusal;
  await trx.run('insert into auth_codes (account, code_hash, expires) values (?, ?, ?)', [
    to.account,
    hashOfCode(to.account, code),
    now + minutes * 60,
  ]);
  return null;
}

async function refusalOf(trx: Transaction, now: number, to: Asker): Promise<string | null> {
  const sent = await sentTo(trx, template, to, now);
  if (to.account === '') return 'unknown name';
  if (to.held) return 'held account';
  if (to.email === '') return 'no e-mail address';
  if (sent >= hourMost) return 'too often for this account';
  return (await isBusy(trx, now)) ? 'too many mails' : null;
}
