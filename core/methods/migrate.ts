/** Brings a plugin's tables to what a build expects. Forward only. */
import type { Migration } from '../contract/plugin.ts';
import type { Clock, Db } from '../contract/ports.ts';
import { LoadError } from './locate.ts';

/**
 * Runs the steps that this database has not seen, in one transaction.
 * @throws LoadError when the database has steps that this build does not know, or knows in another order.
 */
export async function migratePlugin(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  plugin: string,
  migrations: readonly Migration[],
  file: { readonly shown: string },
): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.run(
      'create table if not exists plugin_migrations (plugin text not null, step integer not null, name text not null, at real not null, primary key (plugin, step))',
    );
    const done = await trx.run('select name from plugin_migrations where plugin = ? order by step', [plugin]);
    for (const [step, { name }] of done.entries()) {
      if (migrations[step]?.name !== name) throw unknownStep(file, String(name), step, migrations[step]?.name);
    }
    for (const [at, { name, up }] of migrations.slice(done.length).entries()) {
      await up(trx);
      await trx.run('insert into plugin_migrations (plugin, step, name, at) values (?, ?, ?, ?)', [
        plugin,
        done.length + at,
        name,
        clock.now(),
      ]);
    }
  });
}

function unknownStep(
  file: { readonly shown: string },
  name: string,
  step: number,
  wanted: string | undefined,
): LoadError {
  const found = wanted === undefined ? 'this build has no such step' : `this build has "${wanted}" there`;
  const message = `the database has migration "${name}" as step ${step + 1}, and ${found}: tables do not go back`;
  return new LoadError({ file: file.shown, line: 0, column: 0, message });
}
