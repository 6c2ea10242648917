/** Accounts, as those who run the place see them. Their rows are the plugin auth's: only privileges are written here. */
import { type Caller, type Host, HostError, type Row, type Transaction, z } from 'roost/plugin';
import { memoryOf } from './_memory.ts';

export type Known = {
  readonly id: string;
  readonly name: string;
  readonly privileges: readonly string[];
  readonly active: boolean;
};

type Read = Transaction['run'];

/** Params: the name of an account, as somebody types it. */
export const accountName = z.string().min(1).max(64);

/** @throws HostError admin.unknown-account */
export async function getAccount(read: Read, name: string): Promise<Known> {
  const found = await findAccount(read, name);
  if (!found) throw new HostError('admin.unknown-account', `There is no account "${name}"`);
  return found;
}

export async function findAccount(read: Read, name: string): Promise<Known | undefined> {
  const [row] = await read('select id, name, privileges, state from accounts where name_key = ?', [name.toLowerCase()]);
  return row && toKnown(row);
}

export function toKnown({ id, name, privileges, state }: Row): Known {
  return { id: String(id), name: String(name), privileges: toWords(privileges), active: state === 'active' };
}

const words = z.array(z.string());

function toWords(json: unknown): readonly string[] {
  return words.parse(JSON.parse(String(json)));
}

/** Somebody has to be left who can make others. @throws HostError admin.last-admin */
export async function keepAnAdmin(read: Read, without: string): Promise<void> {
  const rows = await read(
    `select id, name, privileges, state from accounts where privileges like '%"admin"%' and id <> ?`,
    [without],
  );
  if (rows.map(toKnown).some(({ privileges, active }) => active && privileges.includes('admin'))) return;
  throw new HostError('admin.last-admin', 'This is the last administrator: make another one first');
}

/**
 * Takes an account out of use that may go. One after another: of two administrators who do it to each other at once, one stays.
 * @throws HostError admin.unknown-account, admin.yourself, admin.last-admin, and what `work` throws
 */
export function dispense<T>(
  host: Host,
  caller: Caller,
  name: string,
  work: (account: Known) => Promise<T>,
): Promise<T> {
  return inTurn(host, async () => work(await getDispensable(host, caller, name)));
}

async function getDispensable(host: Host, caller: Caller, name: string): Promise<Known> {
  const account = await getAccount(host.db.read, name);
  if (account.id === caller.account?.id) throw new HostError('admin.yourself', 'That would be you');
  if (account.privileges.includes('admin') && account.active) await keepAnAdmin(host.db.read, account.id);
  return account;
}

/**
 * Gives an account other privileges, and writes it down with them; its live sessions go by them when it resolves.
 * @throws HostError admin.unknown-account, and what `change` throws
 */
export async function changePrivileges(
  host: Host,
  name: string,
  change: (account: Known, trx: Transaction) => Promise<readonly string[]>,
): Promise<Known> {
  return inTurn(host, async () => {
    const changed = await host.db.transaction(async (trx) => {
      const account = await getAccount(trx.run, name);
      const privileges = [...new Set(await change(account, trx))].sort();
      await trx.run('update accounts set privileges = ? where id = ?', [JSON.stringify(privileges), account.id]);
      return { ...account, privileges };
    });
    const { id, privileges } = changed;
    host.sessions.changeAccount(id, { privileges });
    // Also for those whose login is under way.
    await host.call('auth.set-privileges', { id, privileges }, { as: 'server' });
    return changed;
  });
}

/** One after another: of two changes at once the later would not know of the first. */
function inTurn<T>(host: Host, work: () => Promise<T>): Promise<T> {
  const memory = memoryOf(host);
  const done = memory.changes.then(work);
  memory.changes = done.then(noop, noop);
  return done;
}

function noop(): void {}
