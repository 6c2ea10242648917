/** Whom a moderator means. */
import { type Account, type Caller, type Host, HostError, type SessionInfo, z } from 'roost/plugin';
import { findAccount, type Known } from './_accounts.ts';

/** Params: an account or who plays under that name, or one connection. */
export const whom = { name: z.string().min(1).max(64).optional(), session: z.string().min(1).max(64).optional() };

export type Somebody = {
  readonly name: string;
  /** Id of the account; of a guest its owner. */
  readonly subject: string;
  readonly privileges: readonly string[];
  /** His live connections. */
  readonly sessions: readonly SessionInfo[];
};

/** @throws HostError admin.unknown-account, admin.unknown-session, admin.ambiguous, call.bad-params */
export async function findSomebody(
  host: Host,
  { name, session }: { readonly name?: string | undefined; readonly session?: string | undefined },
): Promise<Somebody> {
  if ((name === undefined) === (session === undefined))
    throw new HostError('call.bad-params', 'Wanted either a name or a session');
  const all = host.sessions.list();
  if (session !== undefined) {
    const one = all.find(({ id }) => id === session);
    if (!one) throw new HostError('admin.unknown-session', 'There is no such session');
    return fromSession(one, [one]);
  }
  return byName(host, name as string, all);
}

async function byName(host: Host, name: string, all: readonly SessionInfo[]): Promise<Somebody> {
  const key = name.toLowerCase();
  const account = await findAccount(host.db.read, name);
  const player = all.find((one) => one.name?.toLowerCase() === key);
  if (account && player && player.account?.id !== account.id) {
    const message = `An account and somebody else's character are called "${name}": say which session`;
    throw new HostError('admin.ambiguous', message, { session: player.id });
  }
  if (account) return fromAccount(account, all);
  if (!player) throw new HostError('admin.unknown-account', `There is no account and nobody here called "${name}"`);
  const subject = subjectOf(player);
  return fromSession(
    player,
    all.filter((one) => subjectOf(one) === subject),
  );
}

function fromAccount({ id, name, privileges }: Known, all: readonly SessionInfo[]): Somebody {
  return { name, subject: id, privileges, sessions: all.filter(({ account }) => account?.id === id) };
}

function fromSession(one: SessionInfo, sessions: readonly SessionInfo[]): Somebody {
  const name = one.account?.name ?? one.name ?? one.id;
  return { name, subject: subjectOf(one), privileges: one.account?.privileges ?? [], sessions };
}

function subjectOf({ account, owner }: { readonly account: Account | null; readonly owner: string }): string {
  return account?.id ?? owner;
}

/** Administrators answer to administrators. @throws HostError admin.outranked */
export function checkRank(caller: Caller, { name, privileges }: Pick<Somebody, 'name' | 'privileges'>): void {
  if (privileges.includes('admin') && !caller.has('admin'))
    throw new HostError('admin.outranked', `${name} is an administrator`);
}
