/** Taking an account out of use, and out of the world. */
import type { Caller, Host } from 'roost/plugin';
import { getAccount } from './_accounts.ts';
import { deleteCredentials, endSessions } from './_credentials.ts';
import { purgeElsewhere } from './_others.ts';
import { freeSerial } from './_serials.ts';

/**
 * Nobody logs in any more, and whoever is here as it is not.
 * @param held  Its owner cannot make it active again.
 */
export async function deactivate(
  host: Host,
  id: string,
  { held, caller }: { readonly held: boolean; readonly caller?: Caller },
): Promise<void> {
  const ended = await host.db.transaction(async (trx) => {
    const sql = held
      ? "update accounts set state = 'inactive', held = 1 where id = ?"
      : "update accounts set state = 'inactive' where id = ?";
    await trx.run(sql, [id]);
    await trx.run('delete from auth_codes where account = ?', [id]);
    return deleteCredentials(trx, { account: id });
  });
  await endSessions(host, ended, caller);
}

/**
 * Deletes the account with all that belongs to it, here and in the plugins that keep something of it. When one of these
 * cannot, the account stays, inactive.
 * @throws HostError auth.unknown-account
 */
export async function removeAccount(host: Host, id: string, caller?: Caller): Promise<void> {
  await getAccount(host.db.read, id);
  await deactivate(host, id, { held: false, ...(caller && { caller }) });
  await purgeElsewhere(host, id);
  await host.db.transaction(async (trx) => {
    for (const table of ['auth_known', 'auth_codes', 'auth_profiles', 'auth_avatars', 'credentials'])
      await trx.run(`delete from ${table} where account = ?`, [id]);
    // The hour's mails to a mailbox still count: whoever makes and deletes accounts floods nobody.
    await trx.run("update auth_mails set account = '' where account = ?", [id]);
    await freeSerial(trx, id);
    await trx.run('delete from accounts where id = ?', [id]);
  });
  host.log.info({ account: id }, 'account deleted');
}
