import { type Caller, definePlugin, type Host } from 'roost/plugin';
import { idOf } from './_characters.ts';
import { finish } from './_erase.ts';
import { migrations } from './_migrations.ts';

/** Seconds between two tries to erase what is deleted and was still in play. */
const finishEvery = 10;

export default definePlugin({
  version: '1.0.0',
  // A name of an account is not free for other people's characters.
  needs: ['auth'],
  migrations,
  start: ({ host }) => void host.every(finishEvery, () => finish(host)),
  on: { entered: seen, left: seen },
});

async function seen({ caller, host }: { readonly caller: Caller; readonly host: Host }): Promise<void> {
  const id = idOf(caller.owner);
  if (id === undefined) return;
  await host.db.transaction((trx) =>
    trx.run('update characters set last_seen = ? where id = ?', [host.clock.now(), id]),
  );
}
