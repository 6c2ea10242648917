import type { Trx } from '../writer.ts';

/** Which kinds players control in a zone since it was started last, a JSON list: its game may change that. */
export async function up(trx: Trx): Promise<void> {
  await trx.run(`alter table zones add column players text not null default '[]'`);
}
