import { defineMethod, type Host, line, z } from 'roost/plugin';
import { compose, needMail, sendSoon } from './_mail.ts';
import { admit, type Receiver } from './_mail-counts.ts';
import { getTemplate } from './_templates.ts';

/** Mails of one template that a mailbox gets within an hour. */
const hourMost = 10;
const name = z.string().regex(/^[a-z][a-z-]{0,31}$/, 'wanted a to z and dashes');

/**
 * Sends an account a mail, to its own address, for plugins; `queued` is false when it has none or got too many.
 * @returns `{ queued }`
 * @throws HostError auth.no-mail, auth.mail-values
 */
export default defineMethod({
  allow: 'server',
  params: z.object({
    account: z.string().regex(/^[0-9a-f]{16}$/, 'wanted 16 hex digits'),
    /** One of Roost's own by its name, or text with `{names}` in it. */
    template: z.union([name, z.object({ name, subject: line(200), text: z.string().min(1).max(8000) })]),
    values: z.record(name, line(500)).default({}),
  }),
  async handle({ params: { account, template, values }, host }) {
    needMail(host);
    const own = typeof template === 'string' ? { name: template, ...getTemplate(template) } : template;
    const to = await receiver(host, account);
    if (!to) return { queued: false };
    const mail = compose(host, to, own, values);
    const now = host.clock.now();
    const queued = await host.db.transaction((trx) => admit(trx, to, { template: own.name, most: hourMost }, now));
    if (queued) sendSoon(host, to, own.name, mail);
    return { queued };
  },
});

/** Undefined when the account has no address, or when there is no such account. */
async function receiver({ db }: Host, account: string): Promise<Receiver | undefined> {
  const [row] = await db.read('select name, email from accounts where id = ?', [account]);
  return row?.email ? { account, name: String(row.name), email: String(row.email) } : undefined;
}
