/** Logins: one opaque token each, of which only a hash is kept. */
import { createHash, randomBytes } from 'node:crypto';
import type { Account, Caller, Host, Row, Transaction } from 'roost/plugin';
import { type AccountRow, type Read, toWords } from './_accounts.ts';
import { stateOf } from './_state.ts';

/**
 * What a login is good for: `play` is one that a page made and has no power over others; `full` a program's, `admin` that of
 * an administrator, `bot` that of an outside program which is no account.
 */
export type Kind = 'play' | 'full' | 'admin' | 'bot';

export type NewCredential = {
  readonly kind: Kind;
  /** Null for a bot. */
  readonly account: string | null;
  /** Name and privileges, where they are not the account's. */
  readonly name?: string;
  readonly privileges?: readonly string[];
  readonly address?: string;
  readonly page?: boolean;
  /** Unix seconds; null when it is good for ever. */
  readonly until: number | null;
};

/** Logins of one account; the one unused for longest goes first. */
const loginsMost = 100;

export function newId(): string {
  return randomBytes(8).toString('hex');
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Writes a new login down. The token is known to nobody afterwards but to whom it is given. */
export async function insertCredential(
  trx: Transaction,
  { kind, account, name, privileges, address = '', page = false, until }: NewCredential,
  now: number,
): Promise<{ readonly id: string; readonly token: string }> {
  const id = newId();
  const token = randomBytes(32).toString('base64url');
  await trx.run(
    `insert into credentials
       (id, account, kind, name, privileges, token_hash, address, page, made, seen, until)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[id, account, kind, name ?? null, privileges ? JSON.stringify(privileges) : null, hashOf(token)],
      ...[address, page ? 1 : 0, now, now, until],
    ],
  );
  return { id, token };
}

/** What a session is told of the login it came with. */
export function toAccount(
  { id, name, privileges }: Pick<AccountRow, 'id' | 'name' | 'privileges'>,
  { credential, kind, until }: { readonly credential: string; readonly kind: Kind; readonly until: number | null },
): Account {
  return { id, name, privileges, credential, trusted: kind !== 'play', until };
}

/** The account of a token, or null. @param now  Unix seconds. */
export async function findByToken(read: Read, token: string, now: number): Promise<Account | null> {
  const [row] = await read(
    `select c.id as credential, c.kind, c.name as bot, c.privileges as own, c.until,
            a.id, a.name, a.privileges, a.state
     from credentials c left join accounts a on a.id = c.account
     where c.token_hash = ? and (c.until is null or c.until > ?)`,
    [hashOf(token), now],
  );
  if (!row) return null;
  const until = row.until === null ? null : Number(row.until);
  const login = { credential: String(row.credential), kind: row.kind as Kind, until };
  if (login.kind === 'bot') return toAccount(toBot(row), login);
  if (row.state !== 'active') return null;
  return toAccount({ id: String(row.id), name: String(row.name), privileges: toWords(row.privileges) }, login);
}

/** A bot is known by its credential. */
function toBot({ credential, bot, own }: Row): Pick<AccountRow, 'id' | 'name' | 'privileges'> {
  return { id: String(credential), name: String(bot), privileges: toWords(own) };
}

/** The logins of an account that are too many by now. */
export async function trimCredentials(trx: Transaction, account: string): Promise<readonly string[]> {
  const rows = await trx.run(
    `delete from credentials where id in
       (select id from credentials where account = ? order by seen desc, made desc limit 1000 offset ${loginsMost})
     returning id`,
    [account],
  );
  return rows.map(({ id }) => String(id));
}

/** Deletes one login, or all of an account, or all but one. @returns their ids, for `endSessions` after the commit */
export async function deleteCredentials(
  trx: Transaction,
  which: { readonly id: string } | { readonly account: string; readonly except?: string | undefined },
): Promise<readonly string[]> {
  const rows =
    'id' in which
      ? await trx.run('delete from credentials where id = ? returning id', [which.id])
      : await trx.run('delete from credentials where account = ? and id <> ? returning id', [
          which.account,
          which.except ?? '',
        ]);
  return rows.map(({ id }) => String(id));
}

/**
 * Ends the live sessions of logins that are no more, at once; that of the caller goes on as a stranger's, so that it gets
 * its answer.
 */
export async function endSessions(host: Host, credentials: readonly string[], caller?: Caller): Promise<void> {
  const { revoked, online } = stateOf(host);
  revoked.end(credentials, host.clock.now());
  revoked.apply(host, caller?.id);
  if (caller?.account && credentials.includes(caller.account.credential)) {
    online.count(caller.id, caller.account.id, host.clock.monotonicMs() / 1000);
    await caller.logout();
    caller.keep(null, 0);
    await online.flush(host);
  }
}
