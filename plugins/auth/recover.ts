import { defineMethod, type Host, type Transaction, z } from 'roost/plugin';
import { findAccount } from './_accounts.ts';
import { typedName } from './_check.ts';
import { hashOfCode, makeCode } from './_codes.ts';
import { askedFrom, compose, count, isBusy, needMail, type Receiver, sendSoon, sentTo } from './_mail.ts';
import { getTemplate } from './_templates.ts';

const template = 'recovery';
const hourMost = 3;
const minutes = 30;

/**
 * Sends a code to the e-mail address of the account, with which `auth.reset` sets a new password within half an hour.
 * The answer is the same whether there is such an account, and whether it has an address.
 * @throws HostError auth.no-mail
 */
export default defineMethod({
  rate: { perSecond: 0.5, burst: 10 },
  params: z.object({ name: typedName }),
  handle({ params: { name }, caller, host }) {
    needMail(host);
    // After the answer, nobody knows when: neither its time nor the load of the node tells whether a mail goes out.
    const { address } = caller;
    host.after(host.random(), () =>
      recover(host, name, address).catch((error) => host.log.error({ error: String(error) }, 'no code was sent')),
    );
    return { asked: true };
  },
});

type Asker = Receiver & { readonly held: boolean };

async function recover(host: Host, typed: string, address: string): Promise<void> {
  const found = await findAccount(host.db.read, { name: typed });
  const { id = '', name = '', email, held = false } = found ?? {};
  const to = { account: id, name, email: email ?? '', held };
  const code = makeCode();
  const refusal = await host.db.transaction((trx) => note(trx, host.clock.now(), to, address, code));
  if (refusal !== null) host.log.info({ account: to.account, address, reason: refusal }, 'no code was sent');
  else sendSoon(host, to, template, compose(host, to, getTemplate(template), { code, minutes: `${minutes}` }));
}

/** Counts it, and keeps the code in the place of a former one; or says why there is to be no mail. */
async function note(trx: Transaction, now: number, to: Asker, address: string, code: string) {
  if ((await askedFrom(trx, template, address, now)) >= hourMost) return 'too often from this address';
  const refusal = await refusalOf(trx, now, to);
  await count(trx, { template, account: to.account, email: to.email, address, sent: refusal === null }, now);
  await trx.run('delete from auth_codes where account = ? or expires < ?', [refusal === null ? to.account : '', now]);
  if (refusal !== null) return refusal;
  await trx.run('insert into auth_codes (account, code_hash, expires, tries) values (?, ?, ?, 0)', [
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
