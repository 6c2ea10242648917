import { defineMethod, HostError, z } from 'roost/plugin';
import { audited } from './_audit.ts';
import { readMutes } from './_mutes.ts';

/** Lets somebody speak again who was muted. */
export default defineMethod({
  allow: 'moderate',
  params: z.object({ name: z.string().min(1).max(64) }),
  async handle({ caller, params, host }) {
    const { name } = params;
    return audited({ caller, host }, { method: 'admin.unmute', target: name, params }, async (write) => {
      await host.db.transaction(async (trx) => {
        const gone = await trx.run('delete from mutes where lower(name) = ? returning name', [name.toLowerCase()]);
        if (gone.length === 0) throw new HostError('admin.not-muted', `"${name}" is not muted`);
        await write(trx);
      });
      await readMutes(host);
      return { name };
    });
  },
});
