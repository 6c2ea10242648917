import { defineMethod, line, z } from 'roost/plugin';
import { audited } from './_audit.ts';
import { longest } from './_bans.ts';
import { readMutes } from './_mutes.ts';
import { checkRank, findSomebody, whom } from './_who.ts';

/**
 * Keeps an account, or a guest, from speaking, for so many seconds or until it is unmuted.
 * @returns `{ name, until }`
 */
export default defineMethod({
  allow: 'moderate',
  params: z.object({ ...whom, seconds: z.number().positive().max(longest).optional(), reason: line(200).optional() }),
  async handle({ caller, params, host }) {
    const { name, session, seconds, reason } = params;
    return audited({ caller, host }, { method: 'admin.mute', target: name ?? session, params }, async (write) => {
      const somebody = await findSomebody(host, params);
      checkRank(caller, somebody);
      const now = host.clock.now();
      const until = seconds === undefined ? null : now + seconds;
      await host.db.transaction(async (trx) => {
        await trx.run('delete from mutes where subject = ?', [somebody.subject]);
        await trx.run('insert into mutes (subject, name, until, reason, made_by, made) values (?, ?, ?, ?, ?, ?)', [
          ...[somebody.subject, somebody.name, until, reason ?? null],
          ...[caller.account?.name ?? caller.id, now],
        ]);
        await write(trx);
      });
      await readMutes(host);
      const message = `You cannot speak here for now${reason === undefined ? '' : `: ${reason}`}`;
      for (const { id } of somebody.sessions)
        host.send({ session: id }, 'notice', { code: 'admin.muted', message, until });
      return { name: somebody.name, until };
    });
  },
});
