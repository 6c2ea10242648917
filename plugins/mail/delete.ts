import { defineMethod, z } from 'roost/plugin';
import { countMails, mailId, notFound } from './_mails.ts';
import { boxOf } from './_people.ts';

/**
 * Deletes one of your mails for good.
 * @returns `{ id, total, unread }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 5, burst: 20 },
  params: z.object({ id: mailId }),
  async handle({ caller, params: { id }, host }) {
    const box = boxOf(caller);
    return host.db.transaction(async (trx) => {
      const sql = 'delete from mails where id = ? and account = ? and ignored = 0 returning id';
      if ((await trx.run(sql, [id, box])).length === 0) throw notFound();
      return { id, ...(await countMails(trx.run, box)) };
    });
  },
});
