/** Brings a database to the schema of this Roost: forward only, each step whole or not at all. */
import { HostError } from '../contract/errors.ts';
import type { Row } from '../contract/ports.ts';
import { up as world } from './migrations/0001-world.ts';
import { up as guests } from './migrations/0002-guests.ts';
import { up as scripts } from './migrations/0003-scripts.ts';
import { up as characters } from './migrations/0004-characters.ts';
import { up as players } from './migrations/0005-players.ts';
import type { Trx, Writer } from './writer.ts';

/** In order; the version of the schema is how many were applied. A step that was released never changes. */
const steps: readonly ((trx: Trx) => Promise<void>)[] = [world, guests, scripts, characters, players];

/** The schema that this Roost makes of every older one. */
export const newestSchema = steps.length;

/** @throws HostError `data.newer` when the database knows more steps than we do. */
export async function migrate(writer: Writer): Promise<void> {
  await writer.transaction((trx) =>
    trx.run('create table if not exists meta (name text primary key, value text not null)'),
  );
  const version = await writer.transaction((trx) => readSchema((sql) => trx.run(sql)));
  if (version > newestSchema) throw tooNew('Cannot use the database', version);
  for (const [index, step] of steps.entries()) {
    if (index < version) continue;
    await writer.transaction(async (trx) => {
      await step(trx);
      await trx.run(
        `insert into meta (name, value) values ('schema', ?) on conflict (name) do update set value = excluded.value`,
        [String(index + 1)],
      );
    });
  }
}

/** How many steps a database was migrated by. */
export async function readSchema(run: (sql: string) => Promise<readonly Row[]>): Promise<number> {
  const [row] = await run(`select value from meta where name = 'schema'`);
  return row ? Number(row.value) : 0;
}

export function tooNew(what: string, schema: number): HostError {
  return new HostError(
    'data.newer',
    `${what}: its schema is version ${schema}, this Roost knows up to ${newestSchema}`,
  );
}
