import type { Host } from 'roost/plugin';
import { deleteCredentials, endSessions } from './_credentials.ts';
import { stateOf } from './_state.ts';

/**
 * Gives the account another password and ends its logins, but for `except`; codes that were sent for a new one are void.
 * @param password  Checked before.
 * @throws HostError auth.busy
 */
export async function setPassword(
  host: Host,
  account: string,
  password: string,
  { address, except }: { readonly address: string; readonly except?: string | undefined },
): Promise<void> {
  const hash = await stateOf(host).hashes.make(password, address);
  const ended = await host.db.transaction(async (trx) => {
    await trx.run('update accounts set password_hash = ? where id = ?', [hash, account]);
    await trx.run('delete from auth_codes where account = ?', [account]);
    return deleteCredentials(trx, { account, except });
  });
  await endSessions(host, ended);
}
