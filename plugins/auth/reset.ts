import { defineMethod, HostError, type Transaction, z } from 'roost/plugin';
import { findAccount, type Read, toKey } from './_accounts.ts';
import { checkNewPassword, hashOfAddress, newPassword, typedName } from './_check.ts';
import { hashOfCode } from './_codes.ts';
import { deleteCredentials, endSessions } from './_credentials.ts';
import { needMail, tellSoon } from './_mail.ts';
import { stateOf } from './_state.ts';

/**
 * Sets a new password with the code that `auth.recover` sent; all logins of the account end. A code is good once, for half
 * an hour.
 * @throws HostError auth.wrong-code, auth.password-length, auth.throttled, auth.busy, auth.no-mail
 */
export default defineMethod({
  rate: { perSecond: 0.5, burst: 10 },
  params: z.object({ name: typedName, code: z.string().min(1).max(64), password: newPassword }),
  async handle({ params: { name, code, password }, caller, host }) {
    needMail(host);
    checkNewPassword(password);
    const { throttle, hashes } = stateOf(host);
    // Wrong ones count where they come from, not on the code: else whoever likes makes it void before its owner has read his mail.
    const attempt = { key: `code of ${toKey(name)}`, address: caller.address, known: true };
    throttle.admit(attempt);
    const account = await findAccount(host.db.read, { name });
    const tried = { account: account?.id ?? '', hash: hashOfCode(account?.id ?? '', code) };
    const fits = await isCode(host.db.read, tried, host.clock.now());
    if (!fits || !account) {
      throttle.failed(attempt);
      host.log.info({ account: account?.id ?? null, address: caller.address }, 'wrong code');
      throw wrongCode();
    }
    // Before the code is used up: when too many wait for a hash it is still good.
    const passwordHash = await hashes.make(password, caller.address);
    const change = { ...tried, passwordHash, knownAddress: hashOfAddress(account.id, caller.address) };
    const ended = await host.db.transaction((trx) => reset(trx, change, host.clock.now()));
    throttle.succeeded({ key: toKey(name), address: caller.address, known: true });
    await endSessions(host, ended, caller);
    host.log.info({ account: account.id, logins: ended.length }, 'password set by a code');
    const { id, name: own, email } = account;
    if (email !== null) tellSoon(host, { account: id, name: own, email }, 'password-changed');
    return { name: own };
  },
});

type Tried = { readonly account: string; readonly hash: string };

async function isCode(read: Read, { account, hash }: Tried, now: number): Promise<boolean> {
  const [row] = await read('select code_hash from auth_codes where account = ? and expires > ?', [account, now]);
  return row?.code_hash === hash;
}

type Reset = Tried & { readonly passwordHash: string; readonly knownAddress: string };

/** @returns the logins that ended @throws HostError auth.wrong-code when it was used meanwhile */
async function reset(trx: Transaction, { account, hash, passwordHash, knownAddress }: Reset, now: number) {
  const used = await trx.run('delete from auth_codes where account = ? and code_hash = ? returning account', [
    account,
    hash,
  ]);
  if (used.length === 0) throw wrongCode();
  await trx.run('update accounts set password_hash = ? where id = ?', [passwordHash, account]);
  // Whoever knew the former password is a stranger; who had the code is none.
  await trx.run('delete from auth_known where account = ?', [account]);
  await trx.run('insert into auth_known (account, address_hash, seen) values (?, ?, ?)', [account, knownAddress, now]);
  return deleteCredentials(trx, { account });
}

function wrongCode(): HostError {
  return new HostError('auth.wrong-code', 'The code is wrong, used, or too old');
}
