import type { Host } from 'roost/plugin';
import { type AccountRow, updateChecked } from './_accounts.ts';
import { deleteCredentials, endSessions } from './_credentials.ts';
import { stateOf } from './_state.ts';

/**
 * Gives an account whose password was checked another one and ends its logins, but for `except`; codes that were sent for a
 * new one are void.
 * @param password  Checked before.
 * @throws HostError auth.busy; auth.wrong when the account was changed meanwhile
 */
export async function setPassword(
  host: Host,
  account: AccountRow,
  password: string,
  { address, except }: { readonly address: string; readonly except?: string | undefined },
): Promise<void> {
  const hash = await stateOf(host).hashes.make(password, address);
  const ended = await host.db.transaction(async (trx) => {
    await updateChecked(trx, account, 'password_hash = ?', [hash]);
    await trx.run('delete from auth_codes where account = ?', [account.id]);
    return deleteCredentials(trx, { account: account.id, except });
  });
  await endSessions(host, ended);
}
