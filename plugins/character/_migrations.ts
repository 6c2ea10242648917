/** Tables of characters. Times are Unix seconds. */
import type { Migration } from 'roost/plugin';

const characters = [
  // `name_key` is what names that look alike have in common; `gone` says since when one is being deleted.
  `create table characters (
    id text primary key,
    account text not null,
    game text not null,
    name text not null,
    name_key text not null unique,
    created double precision not null,
    last_seen double precision,
    gone double precision
  )`,
  'create index characters_account on characters (account)',
];

export const migrations: readonly Migration[] = [
  {
    name: '001-characters',
    async up(trx) {
      for (const sql of characters) await trx.run(sql);
    },
  },
];
