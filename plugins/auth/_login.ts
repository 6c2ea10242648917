/** Logging in, when the password was right. */
import { type Account, type Caller, type Host, HostError, type Transaction } from 'roost/plugin';
import { type AccountRow, findAccount } from './_accounts.ts';
import { hashOfAddress } from './_check.ts';
import { endSessions, insertCredential, type Kind, toAccount, trimCredentials } from './_credentials.ts';
import { stateOf } from './_state.ts';

/** Addresses that are remembered as the owner's, for each account. */
const knownMost = 16;

export type LoggedIn = { readonly token: string; readonly account: Account };

/**
 * Makes a login of `kind` and logs the calling connection in with it.
 * @throws HostError auth.wrong when the account was changed meanwhile, session.elsewhere
 */
export async function logIn(host: Host, caller: Caller, account: AccountRow, kind: Kind): Promise<LoggedIn> {
  const now = host.clock.now();
  const until = now + host.settings.loginDays * 86_400;
  const { address, page } = caller;
  const { id, token, trimmed } = await host.db.transaction(async (trx) => {
    await checkSame(trx, account);
    const made = await insertCredential(trx, { kind, account: account.id, address, page, until }, now);
    return { ...made, trimmed: await trimCredentials(trx, account.id) };
  });
  const told = toAccount(account, { credential: id, kind, until });
  await takeSession(host, caller, told);
  await host.db.transaction((trx) => remember(trx, account.id, address, now));
  await endSessions(host, trimmed);
  return { token, account: told };
}

/** Only a connection is logged in for longer than a call; where it may not be, the login is undone. */
async function takeSession(host: Host, caller: Caller, account: Account): Promise<void> {
  if (caller.via === 'http' || caller.via === 'server') return;
  const { online, revoked } = stateOf(host);
  const now = host.clock.monotonicMs() / 1000;
  if (caller.account) online.count(caller.id, caller.account.id, now);
  try {
    await caller.login(account);
  } catch (error) {
    await host.db.transaction((trx) => trx.run('delete from credentials where id = ?', [account.credential]));
    throw error;
  }
  online.begin(caller.id, now);
  // Whoever ended this login before the connection had it found nothing to end.
  revoked.apply(host);
}

/** Between the check of the password and now, it may have become another. */
async function checkSame(trx: Transaction, { id, passwordHash }: AccountRow): Promise<void> {
  const now = await findAccount(trx.run, { id });
  if (now?.state !== 'active' || now.passwordHash !== passwordHash)
    throw new HostError('auth.wrong', 'The account was changed a moment ago: log in again');
}

async function remember(trx: Transaction, account: string, address: string, now: number): Promise<void> {
  await trx.run('update accounts set logins = logins + 1, seen = ? where id = ?', [now, account]);
  await trx.run(
    `insert into auth_known (account, address_hash, seen) values (?, ?, ?)
     on conflict (account, address_hash) do update set seen = excluded.seen`,
    [account, hashOfAddress(account, address), now],
  );
  await trx.run(
    `delete from auth_known where account = ? and address_hash in
       (select address_hash from auth_known where account = ? order by seen desc limit 1000 offset ${knownMost})`,
    [account, account],
  );
}
