/**
 * Mail to accounts: to the address that the account itself has, as plain text, one connection each. Nobody waits for it; what
 * becomes of it is in the log, without the address.
 */
import { createHash } from 'node:crypto';
import { type Host, HostError, type Transaction, z } from 'roost/plugin';
import type { Read } from './_accounts.ts';
import { fill, getTemplate, type Template } from './_templates.ts';

/** An e-mail address: one mailbox and nothing else, no list, no name beside it, no line break. */
export const mailbox = z.email('wanted an e-mail address').max(254);

const hourS = 3600;
/** Mails that this node hands on within a minute. */
const minuteMost = 60;
/** Mails of Roost's own, of one template, that a mailbox gets within an hour. */
const toldMost = 3;
const stepMs = 10_000;

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

/** @throws HostError auth.no-mail where no host takes mail */
export function needMail({ settings }: Host): void {
  if (settings.smtp === '') throw new HostError('auth.no-mail', 'This server sends no mail');
}

/** The template with its values, and with the `name` of the account and the `server`. @throws HostError auth.mail-values */
export function compose(
  { settings }: Host,
  { name }: Receiver,
  template: Template,
  values: Readonly<Record<string, string>> = {},
): Template {
  const server = settings.publicUrl || 'our server';
  return fill(template, new Map([...Object.entries(values), ['name', name], ['server', server]]));
}

/**
 * Sends one of Roost's own mails in a moment, where mail is sent and the mailbox has not got many of them within the hour: an
 * address is not proven, and nobody is to be flooded who never was here.
 */
export function tellSoon(host: Host, to: Receiver, template: string): void {
  if (host.settings.smtp === '') return;
  host.after(0, async () => {
    try {
      const queued = await host.db.transaction((trx) => admit(trx, to, template, toldMost, host.clock.now()));
      if (queued) await send(host, to, template, compose(host, to, getTemplate(template)));
      else host.log.info({ account: to.account, template }, 'mail not sent: too many');
    } catch (error) {
      host.log.error({ account: to.account, template, error }, 'mail not sent');
    }
  });
}

/** Sends it in a moment. `template` is its name, for the log. */
export function sendSoon(host: Host, to: Receiver, template: string, mail: Template): void {
  host.after(0, () => send(host, to, template, mail));
}

async function send(host: Host, { account, email }: Receiver, template: string, mail: Template): Promise<void> {
  try {
    if (!mailbox.safeParse(email).success) throw Object.assign(new Error('not a mailbox'), { code: 'EADDRESS' });
    await handOn(host.settings, email, mail);
    host.log.info({ account, template }, 'mail sent');
  } catch (error) {
    // The words of a mail host may tell the address.
    const { code, responseCode } = error as { readonly code?: unknown; readonly responseCode?: unknown };
    host.log.warn({ account, template, code: code ?? null, response: responseCode ?? null }, 'mail not sent');
  }
}

async function handOn({ smtp, mailFrom }: Host['settings'], email: string, mail: Template): Promise<void> {
  // Loaded with the first mail: most nodes send none.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: smtp,
    name: mailFrom.slice(mailFrom.indexOf('@') + 1),
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  await transport.sendMail({
    from: mailFrom,
    to: { name: '', address: email },
    envelope: { from: mailFrom, to: [email] },
    // Holiday notes do not answer it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    subject: mail.subject,
    text: mail.text,
  });
}

/** Counts a mail of no more than `most` of that template within an hour. False when it is one too many. */
export async function admit(
  trx: Transaction,
  { account, email }: Receiver,
  template: string,
  most: number,
  now: number,
): Promise<boolean> {
  if ((await isBusy(trx, now)) || (await sentTo(trx, template, { account, email }, now)) >= most) return false;
  await count(trx, { template, account, email, address: '', sent: true }, now);
  return true;
}

/** Writes down a mail that was asked for, and forgets those of more than an hour ago. */
export async function count(trx: Transaction, mail: Counted, now: number): Promise<void> {
  await trx.run('delete from auth_mails where at < ?', [now - hourS]);
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
