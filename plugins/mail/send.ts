import { defineMethod, HostError, line, lines, z } from 'roost/plugin';
import { countMails, countTry, putMail } from './_mails.ts';
import { findAddress, isBlocked, senderOf } from './_people.ts';

/**
 * Sends mail to a registered player, whether online or not, under the name of your character. `to` is the name of a character, or
 * of an account. Whether you are blocked there you are not told.
 * @returns `{ to, at }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 1, burst: 20 },
  params: z.object({
    to: line(64),
    subject: line(100).optional(),
    text: lines(4_000),
  }),
  async handle({ caller, params: { to: name, subject = '', text }, host }) {
    const from = await senderOf(host, caller);
    await host.call('chat.voice', { session: caller.id }, { as: 'server' });
    const to = await findAddress(host, name);
    const ignored = to !== undefined && (await isBlocked(host, from, to));
    const at = host.clock.now();
    const put = await host.db.transaction(async (trx) => {
      await countTry(trx, from.account, at);
      // Kept also when it was to nobody: names are not for trying out.
      if (to === undefined) return undefined;
      const id = await putMail(trx, { from, to, subject, text, ignored, at });
      return { id, ...(await countMails(trx.run, to.account)) };
    });
    if (to === undefined || put === undefined) throw new HostError('mail.unknown', `Nobody is called "${name}"`);
    const { id, unread } = put;
    if (!ignored) host.send({ account: to.account }, 'mail', { unread, id, from: from.name, to: to.name, subject, at });
    return { to: to.name, at };
  },
});
