/**
 * Mail to accounts: to the address that the account itself has, as plain text, one connection each. Nobody waits for it; what
 * becomes of it is in the log, without the address.
 */
import { type Host, HostError, z } from 'roost/plugin';
import { admit, type Receiver } from './_mail-counts.ts';
import { fill, getTemplate, type Template } from './_templates.ts';

/** An e-mail address: one mailbox and nothing else, no list, no name beside it, no line break. */
export const mailbox = z.email('wanted an e-mail address').max(254);

/** Mails of Roost's own, of one template, that a mailbox gets within an hour. */
const toldMost = 3;
const stepMs = 10_000;

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
      const queued = await host.db.transaction((trx) => admit(trx, to, { template, most: toldMost }, host.clock.now()));
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
