import { defineMethod, fitting, z } from 'roost/plugin';
import { toAudit } from './_audit.ts';

/** An answer has at most 256 KB, and the params of one act may have 2,000 characters. */
const bytesMost = 150_000;

/**
 * Lists what was done with privileges, the newest first: when, by whom, from where, to what, and what came of it. `more` says that
 * there are older ones: ask again with the last `at` you got as `before`.
 * @returns `{ acts: [{ id, at, who, account, address, method, target, params, outcome }], more }`, newest first
 */
export default defineMethod({
  allow: 'admin',
  rate: { perSecond: 2, burst: 10 },
  params: z.object({
    /** Unix seconds. */
    since: z.number().min(0).default(0),
    /** The same: acts of then and before. One of that very moment may come twice, none is missed. */
    before: z.number().min(0).default(Number.MAX_SAFE_INTEGER),
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
  async handle({ params: { since, before, who, method, limit }, host }) {
    const rows = await host.db.read(
      `select * from audit where at >= ? and at <= ? and lower(who) like ? and method like ? order by at desc, id limit ?`,
      [since, before, who?.toLowerCase() ?? '%', method ?? '%', limit + 1],
    );
    const acts = fitting(rows.slice(0, limit).map(toAudit), bytesMost);
    return { acts, more: acts.length < rows.length };
  },
});
