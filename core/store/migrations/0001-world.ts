import type { Trx } from '../writer.ts';

/** Zones, what is in them, and where ids come from. */
export async function up(trx: Trx): Promise<void> {
  for (const sql of statements) await trx.run(sql);
}

const statements = [
  // A partition is a node's home of ids; `next` is the first counter that no block has.
  `create table partitions (
    partition_number integer primary key check (partition_number between 0 and 65535),
    node text not null unique,
    next bigint not null check (next between 1 and 281474976710656)
  )`,
  `create table zones (
    id text primary key,
    game text not null,
    epoch bigint not null default 0,
    populated integer not null default 0,
    tick bigint not null default 0,
    state text not null default '{}',
    keep text not null default '{}',
    pending text not null default '[]',
    next_due double precision,
    changed double precision not null default 0
  )`,
  `create index zones_due on zones (next_due)`,
  `create table objects (
    id text primary key check (length(id) = 16),
    zone text not null references zones (id) on delete cascade,
    kind text not null,
    name text not null,
    look text,
    holder text,
    x double precision not null,
    y double precision not null,
    angle double precision not null,
    vx double precision not null,
    vy double precision not null,
    scale double precision not null,
    speed double precision not null,
    owner text,
    words text not null,
    physical integer not null,
    shape text,
    scripts text not null,
    state text not null,
    own text not null,
    keep text not null,
    changed double precision not null,
    changed_tick bigint not null,
    tiled_id bigint
  )`,
  `create index objects_zone on objects (zone)`,
  // Timers of a zone's own script have no object, so there is no reference to one.
  `create table timers (
    zone text not null references zones (id) on delete cascade,
    object text not null,
    script text not null,
    name text not null,
    due double precision not null,
    every double precision,
    data text not null,
    primary key (zone, object, script, name)
  )`,
  `create table lines (
    id integer primary key,
    zone text not null references zones (id) on delete cascade,
    object text not null,
    name text not null,
    x double precision not null,
    y double precision not null,
    body text not null,
    said_at double precision not null,
    player integer not null
  )`,
  `create index lines_zone on lines (zone, player, id)`,
  // Answers of durable calls that carried \`once\`, kept with the commit of what they did.
  `create table once_answers (
    owner text not null,
    once text not null,
    answered_at double precision not null,
    tick bigint not null,
    answer text not null,
    primary key (owner, once)
  )`,
  `create index once_answers_time on once_answers (answered_at)`,
  // Steps of plugins' own tables, see core/methods/migrate.ts.
  `create table plugin_migrations (
    plugin text not null,
    step integer not null,
    name text not null,
    at double precision not null,
    primary key (plugin, step)
  )`,
];
