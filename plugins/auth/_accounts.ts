/** Rows of accounts. */
import { HostError, type Row, type Transaction } from 'roost/plugin';

/** What reads: `host.db.read`, or `run` of a transaction. */
export type Read = (sql: string, values?: readonly (string | number | null)[]) => Promise<readonly Row[]>;

export type AccountRow = {
  /** 16 hex digits. */
  readonly id: string;
  /** As its owner writes it. */
  readonly name: string;
  readonly email: string | null;
  readonly passwordHash: string;
  readonly privileges: readonly string[];
  readonly state: 'active' | 'inactive';
  /** Made inactive by those who run the place: its owner cannot make it active. */
  readonly held: boolean;
  /** Unix seconds. */
  readonly created: number;
  /** Unix seconds of the last login; null before the first. */
  readonly seen: number | null;
  readonly logins: number;
  readonly onlineMinutes: number;
};

const namePattern = /^[a-zA-Z0-9]{2,16}$/;
/** Nobody passes for those who run the place. */
const reserved: ReadonlySet<string> = new Set(['admin', 'server', 'system', 'roost', 'moderator', 'host']);

/** @throws HostError name.illegal, auth.taken */
export function checkAccountName(name: string): string {
  if (!namePattern.test(name)) throw new HostError('name.illegal');
  if (reserved.has(toKey(name))) throw taken();
  return name;
}

export function taken(): HostError {
  return new HostError('auth.taken', 'This name is taken');
}

/** Names that differ only in case are the same. */
export function toKey(name: string): string {
  return name.toLowerCase();
}

export async function findAccount(
  read: Read,
  by: { readonly id: string } | { readonly name: string },
): Promise<AccountRow | undefined> {
  // What can be no name is looked up all the same, as none: it takes as long, and no database minds what stands in it.
  const [row] =
    'id' in by
      ? await read('select * from accounts where id = ?', [by.id])
      : await read('select * from accounts where name_key = ?', [namePattern.test(by.name) ? toKey(by.name) : '']);
  return row && toAccountRow(row);
}

/** @throws HostError auth.unknown-account */
export async function getAccount(read: Read, id: string): Promise<AccountRow> {
  const found = await findAccount(read, { id });
  if (!found) throw new HostError('auth.unknown-account', 'There is no such account');
  return found;
}

/** @throws HostError auth.taken */
export async function insertAccount(
  trx: Transaction,
  account: Pick<AccountRow, 'id' | 'name' | 'email' | 'passwordHash' | 'created'>,
): Promise<void> {
  const { id, name, email, passwordHash, created } = account;
  // Of two at the same time the database lets one in.
  const [made] = await trx.run(
    `insert into accounts
       (id, name, name_key, email, password_hash, privileges, state, held, created, logins, online_minutes)
     values (?, ?, ?, ?, ?, '[]', 'active', 0, ?, 0, 0) on conflict (name_key) do nothing returning id`,
    [id, name, toKey(name), email, passwordHash, created],
  );
  if (!made) throw taken();
}

/**
 * Sets columns of an account whose password was checked: it may have become another since, by whoever has a code sent to
 * the owner, or the account may have been closed.
 * @param set  `name = ?, …`, with its `values`.
 * @throws HostError auth.wrong
 */
export async function updateChecked(
  trx: Transaction,
  { id, passwordHash }: Pick<AccountRow, 'id' | 'passwordHash'>,
  set: string,
  values: readonly (string | null)[],
): Promise<void> {
  const sql = `update accounts set ${set} where id = ? and password_hash = ? and state = 'active' returning id`;
  const [changed] = await trx.run(sql, [...values, id, passwordHash]);
  if (!changed) throw new HostError('auth.wrong', 'The account was changed a moment ago: try again');
}

function toAccountRow(row: Row): AccountRow {
  return {
    id: String(row.id),
    name: String(row.name),
    email: row.email === null ? null : String(row.email),
    passwordHash: String(row.password_hash),
    privileges: toWords(row.privileges),
    state: row.state === 'active' ? 'active' : 'inactive',
    held: Number(row.held) === 1,
    created: Number(row.created),
    seen: row.seen === null ? null : Number(row.seen),
    logins: Number(row.logins),
    onlineMinutes: Number(row.online_minutes),
  };
}

/** A list of words as the database keeps it. */
export function toWords(json: unknown): readonly string[] {
  const list: unknown = JSON.parse(String(json));
  return Array.isArray(list) ? list.filter((word) => typeof word === 'string') : [];
}
