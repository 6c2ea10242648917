import type { Trx } from '../writer.ts';

/** Who holds which resume token: a guest stays the same owner over the node's lives. */
export async function up(trx: Trx): Promise<void> {
  await trx.run(
    'create table guests (owner text primary key, token_hash text not null unique, seen double precision not null)',
  );
  await trx.run('create index guests_seen on guests (seen)');
}
