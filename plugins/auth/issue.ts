import { defineMethod, HostError, z } from 'roost/plugin';
import { type AccountRow, getAccount } from './_accounts.ts';
import { endSessions, insertCredential, toAccount, trimCredentials } from './_credentials.ts';

const word = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);

/**
 * Makes a login for another plugin: of an account, or of a bot with a name and privileges of its own.
 * @returns `{ token, credential, until, account }`, and no account for a bot
 */
export default defineMethod({
  allow: 'server',
  params: z.union([
    z.object({
      kind: z.enum(['play', 'full', 'admin']),
      account: z.string().max(64),
      seconds: z.number().positive().optional(),
      address: z.string().max(64).optional(),
      page: z.boolean().optional(),
    }),
    z.object({
      kind: z.literal('bot'),
      name: z.string().min(1).max(64),
      privileges: z.array(word).max(16).default(['bot']),
      seconds: z.number().positive().optional(),
    }),
  ]),
  async handle({ params, host }) {
    const now = host.clock.now();
    const until = params.seconds === undefined ? null : now + params.seconds;
    const { who, id, token, trimmed } = await host.db.transaction(async (trx) => {
      if (params.kind === 'bot') {
        const { kind, name, privileges } = params;
        const made = await insertCredential(trx, { kind, account: null, name, privileges, until }, now);
        return { who: { id: made.id, name, privileges }, ...made, trimmed: [] };
      }
      const who = await getActive(trx.run, params.account);
      const { kind, address = '', page = false } = params;
      const made = await insertCredential(trx, { kind, account: who.id, address, page, until }, now);
      return { who, ...made, trimmed: await trimCredentials(trx, who.id) };
    });
    await endSessions(host, trimmed);
    return { token, credential: id, until, account: toAccount(who, { credential: id, kind: params.kind, until }) };
  },
});

async function getActive(read: Parameters<typeof getAccount>[0], id: string): Promise<AccountRow> {
  const account = await getAccount(read, id);
  if (account.state !== 'active') throw new HostError('auth.inactive', 'The account is not active');
  return account;
}
