/** What nobody needs any more. */
import type { Host } from 'roost/plugin';
import { dayS } from './_mails.ts';

/** Removes the box of an account, and from what it has sent whose it was. */
export async function forget({ db }: Host, account: string): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.run('delete from mails where account = ?', [account]);
    await trx.run("update mails set sender_account = '' where sender_account = ?", [account]);
    await trx.run('delete from mail_counts where account = ?', [account]);
  });
}

/** Removes what is old, and what came while an account was deleted. */
export async function sweep({ db, clock, settings }: Host): Promise<void> {
  const now = clock.now();
  await db.transaction(async (trx) => {
    await trx.run('delete from mails where sent < ?', [now - settings.mailDays * dayS]);
    await trx.run('delete from mails where account not in (select id from accounts)');
    await trx.run('delete from mail_counts where day < ?', [Math.floor(now / dayS)]);
  });
}
