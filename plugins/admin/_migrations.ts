/** Tables of administration. Times are Unix seconds; an end that is null never comes. */
import type { Migration } from 'roost/plugin';

const administration = [
  `create table audit (
    id text primary key,
    at double precision not null,
    who text not null,
    account text,
    address text,
    method text not null,
    target text,
    params text not null,
    outcome text not null
  )`,
  'create index audit_at on audit (at)',
  'create index audit_who on audit (who, at)',
  `create table bans (
    id text primary key,
    account text,
    name text,
    address text,
    until double precision,
    reason text,
    made_by text not null,
    made double precision not null
  )`,
  // Accounts by their id, guests by their owner.
  `create table mutes (
    subject text primary key,
    name text not null,
    until double precision,
    reason text,
    made_by text not null,
    made double precision not null
  )`,
  // Privileges that an operator has thought of, and no method asks for.
  `create table admin_privileges (
    name text primary key,
    made_by text not null,
    made double precision not null
  )`,
];

export const migrations: readonly Migration[] = [
  {
    name: '001-administration',
    async up(trx) {
      for (const sql of administration) await trx.run(sql);
    },
  },
];
