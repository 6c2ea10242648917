import { defineMethod, z } from 'roost/plugin';
import { countMails, listMails, mailId } from './_mails.ts';
import { boxOf } from './_people.ts';

/**
 * Lists your mails without their text, newest first, and tells how many there are and how many you have not read. Give the last id
 * you got as `after` for those before it.
 * @returns `{ total, unread, mails: [{ id, from, gone, to, subject, at, read }], more }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({
    after: mailId.optional(),
    limit: z.int().min(1).max(100).default(50),
    unread: z.boolean().default(false),
  }),
  async handle({ caller, params: { after, limit, unread }, host }) {
    const box = boxOf(caller);
    const found = await listMails(host.db.read, box, { after, limit: limit + 1, unread });
    return {
      ...(await countMails(host.db.read, box)),
      mails: found.slice(0, limit),
      more: found.length > limit,
    };
  },
});
