import { defineMethod, z } from 'roost/plugin';
import { countMails, findMail, mailId, notFound } from './_mails.ts';
import { boxOf } from './_people.ts';

/**
 * Gives one of your mails with its text, and marks it read.
 * @returns `{ id, from, gone, to, subject, at, read, text, unread }`, `unread` being how many are left
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 5, burst: 20 },
  params: z.object({ id: mailId }),
  async handle({ caller, params: { id }, host }) {
    const box = boxOf(caller);
    return host.db.transaction(async (trx) => {
      await trx.run('update mails set seen = ? where id = ? and account = ? and ignored = 0 and seen is null', [
        ...[host.clock.now(), id, box],
      ]);
      const mail = await findMail(trx.run, box, id);
      if (mail === undefined) throw notFound();
      const { unread } = await countMails(trx.run, box);
      return { ...mail, unread };
    });
  },
});
