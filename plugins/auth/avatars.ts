import { defineMethod, z } from 'roost/plugin';

/**
 * Reads the avatars of accounts, for plugins that show who is somewhere; whoever has none is left out.
 * @returns `{ avatars }`, by id; whoever has none is left out
 */
export default defineMethod({
  allow: 'server',
  params: z.object({
    /** As many as fit into an answer when each has 8 KB. */
    accounts: z.array(z.string().regex(/^[0-9a-f]{16}$/, 'wanted 16 hex digits')).max(30),
  }),
  async handle({ params: { accounts }, host }) {
    if (accounts.length === 0) return { avatars: {} };
    const places = accounts.map(() => '?').join(', ');
    const rows = await host.db.read(`select account, text from auth_avatars where account in (${places})`, accounts);
    return { avatars: Object.fromEntries(rows.map(({ account, text }) => [account, text])) };
  },
});
