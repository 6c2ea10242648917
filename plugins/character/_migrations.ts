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

// What is being deleted is looked for every few seconds.
const gone = ['create index characters_gone on characters (gone)'];

export const migrations: readonly Migration[] = [step('001-characters', characters), step('002-gone', gone)];

function step(name: string, statements: readonly string[]): Migration {
  return {
    name,
    async up(trx) {
      for (const sql of statements) await trx.run(sql);
    },
  };
}
