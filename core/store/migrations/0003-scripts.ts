import type { Trx } from '../writer.ts';

/** What became of designers' builds: which are good, which run no more and where, and every change of one for another. */
export async function up(trx: Trx): Promise<void> {
  for (const sql of statements) await trx.run(sql);
}

const statements = [
  // Builds that passed probation, compiled: what runs when the file is missing, broken or quarantined.
  `create table builds (
    path text not null,
    build text not null,
    role text not null,
    name text not null,
    version bigint,
    program text not null,
    passed_at double precision not null,
    primary key (path, build)
  )`,
  // A build that runs no more in a zone, or anywhere (`*`). The handler is empty when its file is not to be run at all.
  `create table quarantine (
    zone text not null,
    path text not null,
    build text not null,
    script text not null,
    object text,
    handler text not null,
    reason text not null,
    file text not null,
    line bigint not null,
    at double precision not null,
    primary key (path, build, zone)
  )`,
  `create table script_kills (
    id text primary key,
    path text not null,
    build text not null,
    zone text not null,
    at double precision not null
  )`,
  `create index script_kills_path on script_kills (path, at)`,
  `create table held_scripts (path text primary key, why text not null, at double precision not null)`,
  `create table swaps (
    id bigint primary key,
    at double precision not null,
    path text not null,
    build text not null,
    former text,
    by_whom text not null,
    place text not null,
    outcome text not null,
    why text,
    line bigint,
    object text,
    handler text,
    settled_at double precision
  )`,
];
