import { defineMethod, z } from 'roost/plugin';
import { toAudit } from './_audit.ts';

/**
 * Lists what was done with privileges, the newest first: when, by whom, from where, to what, and what came of it.
 * @returns `{ acts: [{ at, who, account, address, method, target, params, outcome }] }`, newest first
 */
export default defineMethod({
  allow: 'admin',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({
    /** Unix seconds. */
    since: z.number().min(0).default(0),
    who: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/)
      .optional(),
    method: z
      .string()
      .regex(/^[a-z0-9.-]{1,64}$/)
      .optional(),
    limit: z.int().min(1).max(500).default(100),
  }),
  async handle({ params: { since, who, method, limit }, host }) {
    const rows = await host.db.read(
      `select * from audit where at >= ? and lower(who) like ? and method like ? order by at desc, id limit ?`,
      [since, who?.toLowerCase() ?? '%', method ?? '%', limit],
    );
    return { acts: rows.map(toAudit) };
  },
});
