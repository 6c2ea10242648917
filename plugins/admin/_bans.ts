/** Who may not come: accounts and addresses. The table is the truth; the doors and the logins go by what is in memory. */
import type { Host } from 'roost/plugin';
import { holds, memoryOf, type Until } from './_memory.ts';

/** Seconds: what is longer may as well have no end. */
export const longest = 315_360_000;

/**
 * Reads the table and has doors and live connections go by it: barred addresses get no connection any more, and whoever is
 * banned and here is not.
 */
export async function applyBans(host: Host): Promise<void> {
  const now = host.clock.now();
  const rows = await host.db.read('select account, address, until from bans where until is null or until > ?', [now]);
  const accounts = new Map<string, Until>();
  const addresses = new Map<string, Until>();
  for (const { account, address, until } of rows) {
    const end = until === null ? null : Number(until);
    if (account !== null) add(accounts, String(account), end);
    if (address !== null) add(addresses, String(address), end);
  }
  memoryOf(host).bans = accounts;
  host.sessions.bar(addresses);
  endBanned(host);
}

/** Ends live connections of banned accounts. */
export function endBanned(host: Host): void {
  const { bans } = memoryOf(host);
  const now = host.clock.now();
  if (bans.size === 0) return;
  for (const { id, account } of host.sessions.list())
    if (account && holds(bans, account.id, now))
      host.sessions.end(id, { code: 'admin.banned', message: 'This account is banned', leave: true });
}

/** Removes what is over. False when nothing was. */
export async function dropExpired(host: Host): Promise<boolean> {
  const now = host.clock.now();
  const [due] = await host.db.read(
    'select 1 as one from bans where until <= ? union all select 1 as one from mutes where until <= ? limit 1',
    [now, now],
  );
  if (!due) return false;
  await host.db.transaction(async (trx) => {
    await trx.run('delete from bans where until <= ?', [now]);
    await trx.run('delete from mutes where until <= ?', [now]);
  });
  return true;
}

/** Of several bans the one that lasts longest counts. */
function add(ends: Map<string, Until>, key: string, until: Until): void {
  const other = ends.get(key);
  if (other === null) return;
  ends.set(key, until === null || other === undefined ? until : Math.max(until, other));
}
