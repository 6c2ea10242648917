/** How many mails there were within the hour: by account, by mailbox, and by the address of who asked, the last two as hashes. */
import { createHash } from 'node:crypto';
import type { Transaction } from 'roost/plugin';
import type { Read } from './_accounts.ts';

const hourS = 3600;
/** Mails that this node hands on within a minute. */
const minuteMost = 60;

/** Whom a mail goes to. */
export type Receiver = { readonly account: string; readonly name: string; readonly email: string };

/** A mail as it is counted. `address` is that of who asked; empty: nobody did. */
export type Counted = {
  readonly template: string;
  readonly account: string;
  readonly email: string;
  readonly address: string;
  readonly sent: boolean;
};

/**
 * Counts a mail of no more than `most` of that template within an hour. False when it is one too many.
 * @param address  Of who asked for it, if somebody did.
 */
export async function admit(
  trx: Transaction,
  { account, email }: Receiver,
  { template, most, address = '' }: { readonly template: string; readonly most: number; readonly address?: string },
  now: number,
): Promise<boolean> {
  if ((await isBusy(trx, now)) || (await sentTo(trx, template, { account, email }, now)) >= most) return false;
  await count(trx, { template, account, email, address, sent: true }, now);
  return true;
}

/** What is older counts no more. */
export async function forgetOld(trx: Transaction, now: number): Promise<void> {
  await trx.run('delete from auth_mails where at < ?', [now - hourS]);
}

/** Writes down a mail that was asked for. */
export async function count(trx: Transaction, mail: Counted, now: number): Promise<void> {
  await forgetOld(trx, now);
  await trx.run(
    'insert into auth_mails (at, template, account, email_hash, address_hash, sent) values (?, ?, ?, ?, ?, ?)',
    [now, mail.template, mail.account, hashOf(mail.email), hashOf(mail.address), mail.sent ? 1 : 0],
  );
}

/** How many were asked for in the last hour from that address, sent or not. */
export async function askedFrom(read: Read, template: string, address: string, now: number): Promise<number> {
  const sql = 'select count(*) as count from auth_mails where template = ? and address_hash = ? and at > ?';
  return countOf(await read(sql, [template, hashOf(address), now - hourS]));
}

/** How many went in the last hour to that account, or to that mailbox, whichever is more. */
export async function sentTo(
  trx: Transaction,
  template: string,
  { account, email }: Pick<Counted, 'account' | 'email'>,
  now: number,
): Promise<number> {
  const sql = (column: string) =>
    `select count(*) as count from auth_mails where sent = 1 and template = ? and ${column} = ? and at > ?`;
  const toAccount = countOf(await trx.run(sql('account'), [template, account, now - hourS]));
  const toMailbox = countOf(await trx.run(sql('email_hash'), [template, hashOf(email), now - hourS]));
  return Math.max(toAccount, toMailbox);
}

/** Whether the node has handed on as many as it may, of the last minute. */
export async function isBusy(trx: Transaction, now: number): Promise<boolean> {
  const sql = 'select count(*) as count from auth_mails where sent = 1 and at > ?';
  return countOf(await trx.run(sql, [now - 60])) >= minuteMost;
}

function countOf(rows: readonly { readonly count?: unknown }[]): number {
  return Number(rows[0]?.count);
}

/** The same for `Fox@Example.org` and `fox@example.org`. */
function hashOf(text: string): string {
  return text === '' ? '' : createHash('sha256').update(text.toLowerCase()).digest('hex');
}
