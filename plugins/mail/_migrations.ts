/** Tables of mail. Times are Unix seconds. */
import type { Migration } from 'roost/plugin';

const mails = [
  // A box is an account's; `address` is the name that was written to, `character:…` or `account:…`: what is counted is counted by
  // it, so that nobody learns which names have one box. `sender` is a character's id; `sender_account` is empty when there is no
  // such account any more. The names are those of then. What is `ignored` was written by somebody who is blocked: it is never shown.
  `create table mails (
    id text primary key,
    account text not null,
    address text not null,
    to_name text not null,
    sender text not null,
    sender_account text not null,
    from_name text not null,
    subject text not null,
    text text not null,
    ignored bigint not null,
    sent double precision not null,
    seen double precision
  )`,
  'create index mails_account on mails (account, sent)',
  'create index mails_address on mails (address)',
  'create index mails_sender on mails (sender_account)',
  'create index mails_sent on mails (sent)',
  // What an account has tried to send on the day `day` (days since 1970).
  `create table mail_counts (
    account text primary key,
    day bigint not null,
    tried bigint not null
  )`,
];

export const migrations: readonly Migration[] = [
  {
    name: '001-mails',
    async up(trx) {
      for (const sql of mails) await trx.run(sql);
    },
  },
];
