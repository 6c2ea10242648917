/** Tables of zones that accounts own, that matches have, and of those that builders added. Times are Unix seconds. */
import type { Migration } from 'roost/plugin';

const tables = [
  // `house` is what stands behind the @ in the zone's id. Without an account nobody has it any more.
  `create table zone_houses (
    place text not null,
    house text not null,
    account text not null,
    made double precision not null,
    primary key (place, house)
  )`,
  'create index zone_houses_account on zone_houses (account)',
  // A name that nobody had when it was invited has no account and lets nobody in, whoever takes it later.
  `create table zone_invites (
    place text not null,
    house text not null,
    name_key text not null,
    name text not null,
    account text,
    made double precision not null,
    primary key (place, house, name_key)
  )`,
  `create table registered_zones (
    zone text primary key,
    pattern text not null,
    capacity bigint,
    title text,
    account text,
    made double precision not null
  )`,
];

export const migrations: readonly Migration[] = [
  {
    name: '001-zones',
    async up(trx) {
      for (const sql of tables) await trx.run(sql);
    },
  },
  {
    name: '002-lent',
    // `house` is longer than any account's name. `player` is an owner: `guest:…` or `character:…`.
    up: (trx) =>
      trx.run(
        `create table zone_lent (
          place text not null,
          house text not null,
          player text not null,
          account text,
          made double precision not null,
          primary key (place, house, player)
        )`,
      ),
  },
];
