import { defineMethod, HostError, z } from 'roost/plugin';
import { findAccount } from './_accounts.ts';
import { audited } from './_audit.ts';
import { readMutes } from './_mutes.ts';

/**
 * Lets somebody speak again who was muted.
 * @returns `{ name }`
 */
export default defineMethod({
  allow: 'moderate',
  params: z.object({ name: z.string().min(1).max(64) }),
  async handle({ caller, params, host }) {
    const { name } = params;
    return audited({ caller, host }, { method: 'admin.unmute', target: name, params }, async (write) => {
      await host.db.transaction(async (trx) => {
        // An account may have another name by now, a guest has the one he was muted under.
        const account = await findAccount(trx.run, name);
        const gone = await trx.run('delete from mutes where subject = ? or lower(name) = ? returning name', [
          ...[account?.id ?? '', name.toLowerCase()],
        ]);
        if (gone.length === 0) throw new HostError('admin.not-muted', `"${name}" is not muted`);
        await write(trx);
      });
      await readMutes(host);
      return { name };
    });
  },
});
