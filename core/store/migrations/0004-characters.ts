import type { Trx } from '../writer.ts';

/** Characters of accounts are found by their owner. */
export async function up(trx: Trx): Promise<void> {
  await trx.run('create index objects_owner on objects (owner) where owner is not null');
}
