import { randomBytes } from 'node:crypto';
import { defineMethod, HostError, line, z } from 'roost/plugin';
import { accountName, getAccount } from './_accounts.ts';
import { address } from './_address.ts';
import { audited } from './_audit.ts';
import { applyBans, longest } from './_bans.ts';

/**
 * Bans an account, an address (IPv6: its /64) or both, for so many seconds or for good. Whoever is here ends at once; an
 * address gets no connection any more.
 * @returns `{ ban, name, address, until }`
 */
export default defineMethod({
  allow: 'admin',
  params: z.object({
    name: accountName.optional(),
    address: address.optional(),
    seconds: z.number().positive().max(longest).optional(),
    reason: line(200).optional(),
  }),
  async handle({ caller, params, host }) {
    const { name, address: barred, seconds, reason } = params;
    if (name === undefined && barred === undefined)
      throw new HostError('call.bad-params', 'Wanted a name, an address or both');
    return audited({ caller, host }, { method: 'admin.ban', target: name ?? barred, params }, async (write) => {
      const account = name === undefined ? null : await getAccount(host.db.read, name);
      if (account?.id === caller.account?.id && account !== null) throw yourself();
      if (barred !== undefined && barred === caller.address) throw yourself();
      const ban = randomBytes(6).toString('hex');
      const now = host.clock.now();
      const until = seconds === undefined ? null : now + seconds;
      await host.db.transaction(async (trx) => {
        await trx.run(
          'insert into bans (id, account, name, address, until, reason, made_by, made) values (?, ?, ?, ?, ?, ?, ?, ?)',
          [
            ...[ban, account?.id ?? null, account?.name ?? null, barred ?? null, until, reason ?? null],
            ...[caller.account?.name ?? caller.id, now],
          ],
        );
        await write(trx);
      });
      await applyBans(host);
      return { ban, name: account?.name ?? null, address: barred ?? null, until };
    });
  },
});

function yourself(): HostError {
  return new HostError('admin.yourself', 'That would be you');
}
