/** Tables of accounts. Times are Unix seconds; what is secret is kept as a hash of it. */
import type { Migration } from 'roost/plugin';

const accounts = [
  `create table accounts (
    id text primary key,
    name text not null,
    name_key text not null unique,
    email text,
    password_hash text not null,
    privileges text not null,
    state text not null,
    held bigint not null,
    created double precision not null,
    seen double precision,
    logins bigint not null,
    online_minutes double precision not null
  )`,
  'create index accounts_email on accounts (email)',
  // One login each. A bot's has no account, but a name and privileges of its own.
  `create table credentials (
    id text primary key,
    account text,
    kind text not null,
    name text,
    privileges text,
    token_hash text not null unique,
    address text,
    page bigint not null,
    made double precision not null,
    seen double precision not null,
    until double precision
  )`,
  'create index credentials_account on credentials (account)',
  // Addresses that the owner has logged in from: they are let in while somebody else guesses.
  `create table auth_known (
    account text not null,
    address_hash text not null,
    seen double precision not null,
    primary key (account, address_hash)
  )`,
  'create table auth_marks (name text primary key, value text not null)',
];

const around = [
  // `account` and `name` (as it was then) say who used it; both null while it is free.
  `create table auth_serials (
    serial text primary key,
    batch text not null,
    made double precision not null,
    account text,
    name text,
    used double precision
  )`,
  'create index auth_serials_account on auth_serials (account)',
  'create index auth_serials_batch on auth_serials (batch)',
  `create table auth_codes (
    account text primary key,
    code_hash text not null,
    expires double precision not null,
    tries bigint not null
  )`,
  'create table auth_profiles (account text primary key, json text not null)',
  'create table auth_avatars (account text primary key, text text not null)',
];

// What was asked for by mail within the last hour, sent or not: whom it was for and who asked, as hashes.
const mails = [
  `create table auth_mails (
    at double precision not null,
    template text not null,
    account text not null,
    email_hash text not null,
    address_hash text not null,
    sent bigint not null
  )`,
  'create index auth_mails_at on auth_mails (at)',
];

// Wrong codes count where they come from.
const codeTries = ['alter table auth_codes drop column tries'];

export const migrations: readonly Migration[] = [
  step('001-accounts', accounts),
  step('002-around-accounts', around),
  step('003-mails', mails),
  step('004-code-tries', codeTries),
];

function step(name: string, statements: readonly string[]): Migration {
  return {
    name,
    async up(trx) {
      for (const sql of statements) await trx.run(sql);
    },
  };
}
