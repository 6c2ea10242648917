import { defineMethod, z } from 'roost/plugin';
import { toKnown } from './_accounts.ts';
import { holds, memoryOf } from './_memory.ts';

/**
 * Lists accounts by name, a page at a time, with their privileges, their state and whether they are here.
 * @returns `{ accounts: [{ id, name, privileges, active, banned, online, created, logins, onlineMinutes }], page, total }`
 */
export default defineMethod({
  allow: 'admin',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({
    /** Part of the name. */
    name: z
      .string()
      .regex(/^[A-Za-z0-9]{0,16}$/, 'wanted letters or digits')
      .default(''),
    /** Only those who have it. */
    privilege: z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/)
      .optional(),
    /** Only those who have any privilege. */
    granted: z.boolean().default(false),
    page: z.int().min(1).max(100_000).default(1),
    limit: z.int().min(1).max(200).default(50),
  }),
  async handle({ params: { name, privilege, granted, page, limit }, host }) {
    const where = `name_key like ? and privileges like ?${granted ? " and privileges <> '[]'" : ''}`;
    const values = [`%${name.toLowerCase()}%`, privilege === undefined ? '%' : `%"${privilege}"%`];
    const [count] = await host.db.read(`select count(*) as total from accounts where ${where}`, values);
    const rows = await host.db.read(
      `select id, name, privileges, state, created, logins, online_minutes from accounts where ${where}
       order by name_key limit ? offset ?`,
      [...values, limit, (page - 1) * limit],
    );
    const here = new Set(host.sessions.list().map(({ account }) => account?.id));
    const { bans } = memoryOf(host);
    const accounts = rows.map((row) => {
      const { id, privileges, active } = toKnown(row);
      return {
        ...{ id, name: row.name, privileges, active, banned: holds(bans, id, host.clock.now()), online: here.has(id) },
        ...{ created: row.created, logins: Number(row.logins), onlineMinutes: row.online_minutes },
      };
    });
    return { accounts, page, total: Number(count?.total) };
  },
});
