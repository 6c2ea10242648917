import { defineMethod, z } from 'roost/plugin';

/**
 * Lists who is connected: session, account, character and zone; addresses for administrators.
 * @returns `{ sessions: [{ id, via, account, owner, name, zone, character, address? }], page, total }`; addresses for admins
 */
export default defineMethod({
  allow: 'moderate',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({
    /** Only of this account or character. */
    name: z.string().min(1).max(64).optional(),
    page: z.int().min(1).max(100_000).default(1),
    limit: z.int().min(1).max(500).default(100),
  }),
  handle({ caller, params: { name, page, limit }, host }) {
    const key = name?.toLowerCase();
    const all = host.sessions
      .list()
      .filter((one) => key === undefined || [one.account?.name, one.name].some((own) => own?.toLowerCase() === key));
    const isAdmin = caller.has('admin');
    const sessions = all.slice((page - 1) * limit, page * limit).map(({ address, account, ...rest }) => ({
      ...rest,
      account: account && { name: account.name, privileges: account.privileges },
      ...(isAdmin ? { address } : {}),
    }));
    return { sessions, page, total: all.length };
  },
});
