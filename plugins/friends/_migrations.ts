/** Tables of friends. Owners are those of characters: which ones belong to one account is nobody's business. Unix seconds. */
import type { Migration } from 'roost/plugin';

const friends = [
  // One row for each direction. `asked`: `owner` wants to be a friend of `other`; `ignored`: the same, and `other` is not
  // shown it; `friend`: both are, and there are two rows. What was `withdrawn` is remembered for a while, so that asking again
  // tells nobody again. `text` came with the request; `note` and `rating` are the owner's alone.
  `create table buddies (
    owner text not null,
    other text not null,
    state text not null,
    withdrawn bigint not null default 0,
    text text,
    note text,
    rating bigint,
    created double precision not null,
    primary key (owner, other)
  )`,
  'create index buddies_other on buddies (other)',
  // `name` is what the other was called then: a guest has no row anywhere.
  `create table blocks (
    owner text not null,
    other text not null,
    name text not null,
    created double precision not null,
    primary key (owner, other)
  )`,
  'create index blocks_other on blocks (other)',
];

export const migrations: readonly Migration[] = [
  {
    name: '001-friends',
    async up(trx) {
      for (const sql of friends) await trx.run(sql);
    },
  },
];
