/** Is this the password? The one place where that is asked. */
import { createHash } from 'node:crypto';
import { type Caller, type Host, HostError, z } from 'roost/plugin';
import { type AccountRow, findAccount, getAccount, toKey } from './_accounts.ts';
import { ownAccount } from './_own.ts';
import { isUsual } from './_phc.ts';
import { stateOf } from './_state.ts';

/** Whoever asks a person for it does not show it. */
const secret = { format: 'password' } as const;

/** A password as somebody types it; whether it is long enough is asked only of new ones. */
export const typedPassword = z
  .string()
  .min(1)
  .max(400)
  .meta(secret)
  .transform((text) => text.normalize('NFC'));

/** A name as somebody types it: of one that cannot be there, nothing else is said than of one that is not. */
export const typedName = z.string().min(1).max(64);

/** A new password, before it is known how long it is. */
export const newPassword = z
  .string()
  .max(1_000)
  .meta(secret)
  .transform((text) => text.normalize('NFC'));

/** @throws HostError auth.password-length */
export function checkNewPassword(password: string): string {
  const { length } = [...password];
  if (length < 8 || length > 200)
    throw new HostError('auth.password-length', `A password has 8 to 200 characters, this one ${length}`);
  return password;
}

export type Check = {
  readonly name: string;
  readonly password: string;
  /** Of whoever tries. */
  readonly address: string;
  /** What it is for, for the log. */
  readonly purpose: string;
  /** Whether an account that its owner has made inactive will do. */
  readonly inactive?: boolean;
};

/**
 * The account with this name and password. Unknown name, wrong password and inactive account cost the same and say the same;
 * the log tells them apart.
 * @throws HostError auth.wrong, auth.throttled, auth.busy
 */
export async function checkPassword(host: Host, check: Check): Promise<AccountRow> {
  const { name, password, address, purpose } = check;
  const { throttle, hashes } = stateOf(host);
  const account = await findAccount(host.db.read, { name });
  const attempt = { key: toKey(name), address, known: await isKnown(host, account?.id ?? '', address) };
  throttle.admit(attempt);
  const fits = await hashes.check(password, account?.passwordHash ?? null, address, () => throttle.admit(attempt));
  const reason = findReason(account, fits, check.inactive === true);
  if (reason === null && account) {
    throttle.succeeded(attempt);
    return account;
  }
  throttle.failed(attempt);
  // Not the name as it was typed: some type their password there.
  host.log.info({ reason, purpose, address, account: account?.id ?? null }, 'login refused');
  throw new HostError('auth.wrong', 'The name or the password is wrong');
}

function findReason(account: AccountRow | undefined, fits: boolean, inactive: boolean): string | null {
  if (!account) return 'unknown name';
  if (!fits) return 'wrong password';
  if (account.state === 'active') return null;
  if (!inactive) return 'inactive account';
  return account.held ? 'held account' : null;
}

/** The caller's account, when the password is its own. @throws HostError auth.wrong, auth.throttled, auth.busy */
export async function checkOwner(
  host: Host,
  caller: Caller,
  { password, purpose }: Pick<Check, 'password' | 'purpose'>,
): Promise<AccountRow> {
  const { name } = await getAccount(host.db.read, ownAccount(caller).id);
  return checkPassword(host, { name, password, address: caller.address, purpose });
}

/** The hash again, at today's cost, when it was made at another. */
export async function rehash(host: Host, account: AccountRow, password: string, address: string): Promise<void> {
  if (isUsual(account.passwordHash)) return;
  const hash = await stateOf(host)
    .hashes.make(password, address)
    .catch((error: unknown) => {
      // Next time.
      if (error instanceof HostError && error.code === 'auth.busy') return null;
      throw error;
    });
  if (hash === null) return;
  const sql = 'update accounts set password_hash = ? where id = ? and password_hash = ?';
  await host.db.transaction((trx) => trx.run(sql, [hash, account.id, account.passwordHash]));
}

/** Addresses of one account, hashed with it. */
export function hashOfAddress(account: string, address: string): string {
  return createHash('sha256').update(`roost address\n${account}\n${address}`).digest('hex');
}

async function isKnown({ db }: Host, account: string, address: string): Promise<boolean> {
  const sql = 'select 1 as one from auth_known where account = ? and address_hash = ?';
  return (await db.read(sql, [account, hashOfAddress(account, address)])).length > 0;
}
