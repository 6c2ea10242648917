import { defineMethod, z } from 'roost/plugin';
import { ownAccount } from './_own.ts';
import { stateOf } from './_state.ts';

/**
 * Lists your logins, the one used last first.
 * @returns `{ logins: [{ id, kind, made, seen, until, address, page, current }] }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 2, burst: 5 },
  params: z.object({}),
  async handle({ caller, host }) {
    const account = ownAccount(caller);
    const { presented } = stateOf(host);
    const rows = await host.db.read(
      'select id, kind, made, seen, until, address, page from credentials where account = ? and (until is null or until > ?)',
      [account.id, host.clock.now()],
    );
    const logins = rows.map(({ id, kind, made, seen, until, address, page }) => ({
      id: String(id),
      ...{ kind, made, until, address },
      seen: presented.get(String(id)) ?? Number(seen),
      page: Number(page) === 1,
      current: id === account.credential,
    }));
    return { logins: logins.sort((a, b) => b.seen - a.seen) };
  },
});
