import { defineMethod, type Transaction, z } from 'roost/plugin';
import { noteAct } from './_others.ts';
import { deriveSerial, makeSerial } from './_serials.ts';

const rowsAtOnce = 100;

/**
 * Makes serials for registration, and answers them. With a seed the same ones come each time: those that are there already
 * are left as they are.
 * @returns `{ prefix, made, serials }`
 */
export default defineMethod({
  allow: 'admin',
  rate: { perSecond: 1, burst: 5 },
  params: z.object({
    count: z.number().int().min(1).max(1000),
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9]{1,12}$/, 'wanted 1 to 12 letters or digits')
      .transform((prefix) => prefix.toUpperCase()),
    /** Whoever knows it knows the serials. */
    seed: z.string().min(8).max(200).optional(),
  }),
  async handle({ params: { count, prefix, seed }, host, caller }) {
    const serials = Array.from({ length: count }, (_, at) =>
      seed === undefined ? makeSerial(prefix) : deriveSerial(prefix, seed, at + 1),
    );
    const made = await host.db.transaction((trx) => insert(trx, prefix, serials, host.clock.now()));
    await noteAct(host, caller.id, {
      method: 'auth.make-serials',
      // A call over HTTP has no session that could be looked up.
      ...(caller.account && { who: caller.account.name }),
      target: prefix,
      params: { count, made, seeded: seed !== undefined },
    });
    return { prefix, made, serials };
  },
});

/** How many of them are new. */
async function insert(trx: Transaction, batch: string, serials: readonly string[], now: number): Promise<number> {
  const before = await countOf(trx, batch);
  for (let at = 0; at < serials.length; at += rowsAtOnce) {
    const rows = serials.slice(at, at + rowsAtOnce);
    const places = rows.map(() => '(?, ?, ?)').join(', ');
    const values = rows.flatMap((serial) => [serial, batch, now]);
    await trx.run(`insert into auth_serials (serial, batch, made) values ${places} on conflict do nothing`, values);
  }
  return (await countOf(trx, batch)) - before;
}

async function countOf(trx: Transaction, batch: string): Promise<number> {
  const [row] = await trx.run('select count(*) as count from auth_serials where batch = ?', [batch]);
  return Number(row?.count);
}
