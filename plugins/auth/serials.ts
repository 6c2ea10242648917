import { defineMethod, type Host, z } from 'roost/plugin';

const pageMost = 500;

/**
 * Lists the batches of serials, or with a prefix that batch: which are free, and who used the others.
 * @returns `{ batches: [{ prefix, made, count, used }] }` or `{ prefix, serials: [{ serial, name, used }], more }`
 */
export default defineMethod({
  allow: 'admin',
  params: z.object({
    prefix: z
      .string()
      .min(1)
      .max(12)
      .transform((prefix) => prefix.toUpperCase())
      .optional(),
    /** The last serial of the page before. */
    after: z.string().max(64).optional(),
  }),
  handle: ({ params: { prefix, after = '' }, host }) =>
    prefix === undefined ? batches(host) : batch(host, prefix, after),
});

async function batches({ db }: Host) {
  const rows = await db.read(
    'select batch, min(made) as made, count(*) as count, count(account) as used from auth_serials group by batch order by batch limit 1000',
  );
  return {
    batches: rows.map(({ batch, made, count, used }) => ({
      prefix: batch,
      made,
      count: Number(count),
      used: Number(used),
    })),
  };
}

async function batch({ db }: Host, prefix: string, after: string) {
  const rows = await db.read(
    `select serial, name, used from auth_serials where batch = ? and serial > ? order by serial limit ${pageMost + 1}`,
    [prefix, after],
  );
  const serials = rows.slice(0, pageMost).map(({ serial, name, used }) => ({ serial, name, used }));
  return { prefix, serials, more: rows.length > pageMost };
}
