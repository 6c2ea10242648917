/** Taking an account out of use, and out of the world. */
import { type Caller, type Host, HostError, type JsonObject } from 'roost/plugin';
import { getAccount } from './_accounts.ts';
import { deleteCredentials, endSessions } from './_credentials.ts';
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
  await callIfThere(host, 'character.purge', { account: id });
  await callIfThere(host, 'friends.forget', { account: id });
  await host.db.transaction(async (trx) => {
    for (const table of ['auth_known', 'auth_codes', 'auth_profiles', 'auth_avatars', 'auth_mails', 'credentials'])
      await trx.run(`delete from ${table} where account = ?`, [id]);
    await freeSerial(trx, id);
    await trx.run('delete from accounts where id = ?', [id]);
  });
  host.log.info({ account: id }, 'account deleted');
}

async function callIfThere(host: Host, method: string, params: JsonObject): Promise<void> {
  try {
    await host.call(method, params, { as: 'server' });
  } catch (error) {
    if (!(error instanceof HostError) || error.code !== 'call.unknown-method') throw error;
  }
}
