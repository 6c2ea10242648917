import { defineMethod, HostError, z } from 'roost/plugin';
import { accountName, findAccount } from './_accounts.ts';
import { address } from './_address.ts';
import { audited } from './_audit.ts';
import { applyBans } from './_bans.ts';

/**
 * Lifts a ban by its id, or all bans of an account or of an address.
 * @returns `{ lifted }`, how many
 */
export default defineMethod({
  allow: 'admin',
  params: z.object({
    ban: z
      .string()
      .regex(/^[0-9a-f]{12}$/)
      .optional(),
    name: accountName.optional(),
    address: address.optional(),
  }),
  async handle({ caller, params, host }) {
    const { ban, name, address: barred } = params;
    const given = [ban, name, barred].filter((one) => one !== undefined);
    if (given.length !== 1) throw new HostError('call.bad-params', 'Wanted one of ban, name and address');
    return audited({ caller, host }, { method: 'admin.unban', target: given[0], params }, async (write) => {
      const lifted = await host.db.transaction(async (trx) => {
        // An account may have another name by now.
        const account = name === undefined ? undefined : await findAccount(trx.run, name);
        const gone = await trx.run('delete from bans where id = ? or account = ? or address = ? returning id', [
          ...[ban ?? '', account?.id ?? '', barred ?? ''],
        ]);
        if (gone.length === 0) throw new HostError('admin.not-banned', 'There is no such ban');
        await write(trx);
        return gone.length;
      });
      await applyBans(host);
      return { lifted };
    });
  },
});
