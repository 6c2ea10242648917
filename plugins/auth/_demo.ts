/** The account that a fresh development folder has, so that one can log in at once: docs/accounts.md. */
import type { Host } from 'roost/plugin';
import { findAccount, insertAccount } from './_accounts.ts';
import { newId } from './_credentials.ts';
import { deactivate } from './_remove.ts';
import { stateOf } from './_state.ts';

const name = 'demo';
const password = 'demodemo';
/** Of that password. Everybody may know both; made beforehand, so that no start in development waits for it. */
const passwordHash =
  '$argon2id$v=19$m=19456,t=3,p=1$3IzgVUgAwbGzpzJzqdFlkg$08DJ0jZ+/B8a8gn96c/3MNW5aICEIYK2dWhMr/S84H8';

/** Makes it where nobody has an account, once in the life of a database; a node that serves the public has none. */
export async function prepareDemo(host: Host): Promise<void> {
  if (host.settings.production) await closeDemo(host);
  else if (host.dev) await makeDemo(host);
}

async function makeDemo(host: Host): Promise<void> {
  const [done] = await host.db.read(
    "select value from auth_marks where name = 'demo' union all select id from accounts limit 1",
  );
  if (done) return;
  const id = newId();
  await host.db.transaction(async (trx) => {
    await insertAccount(trx, { id, name, email: null, passwordHash, created: host.clock.now() });
    await trx.run("insert into auth_marks (name, value) values ('demo', ?)", [id]);
  });
  host.log.info({ name }, 'there is an account to try things with; its password is in docs/accounts.md');
}

/** A folder that was made in development serves the public now: its demo account does not, unless it has a password of its own. */
async function closeDemo(host: Host): Promise<void> {
  const [mark] = await host.db.read("select value from auth_marks where name = 'demo'");
  const account = mark && (await findAccount(host.db.read, { id: String(mark.value) }));
  if (account?.state !== 'active') return;
  if (!(await stateOf(host).hashes.check(password, account.passwordHash, 'start'))) return;
  await deactivate(host, account.id, { held: true });
  host.log.warn({ name: account.name }, 'the demo account has its default password: it is closed in production');
}
