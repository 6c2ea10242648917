import { definePlugin, type Host } from 'roost/plugin';
import { findByToken } from './_credentials.ts';
import { prepareDemo } from './_demo.ts';
import { forgetOld } from './_mail-counts.ts';
import { migrations } from './_migrations.ts';
import { countAll } from './_online.ts';
import { askAdmission } from './_others.ts';
import { stateOf } from './_state.ts';

const tokenPattern = /^[\w-]{43}$/;

export default definePlugin({
  version: '1.0.0',
  migrations,
  async start({ host }) {
    const { revoked, online } = stateOf(host);
    // A new build of the plugin finds people here.
    for (const { id } of host.sessions.list()) online.begin(id, host.clock.monotonicMs() / 1000);
    await prepareDemo(host);
    host.every(0.5, () => revoked.apply(host));
    host.every(60, async () => {
      await countAll(online, host);
      await writePresented(host);
    });
    host.every(3_600, () => dropOld(host));
  },
  async stop({ host }) {
    const { hashes, online, recoveries } = stateOf(host);
    recoveries.stop();
    await hashes.stop();
    await countAll(online, host);
    await writePresented(host);
  },
  on: {
    opened: ({ caller, host }) => stateOf(host).online.begin(caller.id, host.clock.monotonicMs() / 1000),
    async closed({ caller, host }) {
      const { online } = stateOf(host);
      if (caller.account) online.count(caller.id, caller.account.id, host.clock.monotonicMs() / 1000);
      online.forget(caller.id);
      await online.flush(host);
    },
  },
  async authenticate({ presented, host }) {
    if (!tokenPattern.test(presented.token)) return null;
    const now = host.clock.now();
    const account = await findByToken(host.db.read, presented.token, now);
    if (account === null) return null;
    await askAdmission(host, account.id);
    stateOf(host).presented.set(account.credential, now);
    // A browser sends its cookie by itself, also for a page that a designer wrote.
    return presented.cookie ? { ...account, trusted: false } : account;
  },
});

/** When logins were used last. */
async function writePresented(host: Host): Promise<void> {
  const { presented } = stateOf(host);
  if (presented.size === 0) return;
  const now = [...presented];
  presented.clear();
  await host.db.transaction(async (trx) => {
    for (const [id, at] of now) await trx.run('update credentials set seen = ? where id = ?', [at, id]);
  });
}

async function dropOld({ db, clock }: Host): Promise<void> {
  const now = clock.now();
  await db.transaction(async (trx) => {
    await trx.run('delete from credentials where until < ?', [now]);
    await trx.run('delete from auth_codes where expires < ?', [now]);
    await forgetOld(trx, now);
  });
}
