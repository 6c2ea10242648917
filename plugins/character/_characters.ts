/** Rows of characters. */
import { checkName, type Host, HostError, type Row, type Transaction, toSkeleton } from 'roost/plugin';

export type CharacterRow = {
  /** 16 hex digits. */
  readonly id: string;
  /** Owns its object: `character:` and the id. */
  readonly owner: string;
  /** Whose it is; not for other players. */
  readonly account: string;
  readonly game: string;
  /** As its owner writes it. */
  readonly name: string;
  /** Unix seconds. */
  readonly created: number;
  /** Unix seconds when it came into or left a zone last; null before the first time. */
  readonly lastSeen: number | null;
};

/** What reads: `host.db.read`, or `run` of a transaction. */
type Read = (sql: string, values?: readonly (string | number | null)[]) => Promise<readonly Row[]>;

/** Characters of an account by name. */
export async function charactersOf({ db }: Host, account: string): Promise<readonly CharacterRow[]> {
  const rows = await db.read('select * from characters where account = ? and gone is null order by name_key', [
    account,
  ]);
  return rows.map(toCharacter);
}

/** By a name as people write it: what looks the same is the same. */
export async function findCharacter({ db }: Host, name: string): Promise<CharacterRow | undefined> {
  const [row] = await db.read('select * from characters where name_key = ? and gone is null', [toSkeleton(name)]);
  return row && toCharacter(row);
}

/** @throws HostError character.not-found */
export async function getCharacter(host: Host, name: string): Promise<CharacterRow> {
  const found = await findCharacter(host, name);
  if (!found) throw new HostError('character.not-found', 'There is no character of this name');
  return found;
}

/** @throws HostError character.not-found, character.forbidden when it is somebody else's */
export async function getOwn(host: Host, account: string | undefined, name: string): Promise<CharacterRow> {
  const found = await getCharacter(host, name);
  if (found.account !== account) throw new HostError('character.forbidden', 'Only its owner may do this');
  return found;
}

/** Whether a name is that of a character or an account, or looks like one; those of `account` do not count. */
export async function isTaken(read: Read, name: string, account: string | null): Promise<boolean> {
  const key = toSkeleton(name);
  const characters = await read('select account from characters where name_key = ?', [key]);
  // Names of accounts are letters and digits without case.
  const accounts = await read('select id as account from accounts where name_key in (?, ?)', [
    name.normalize('NFKC').toLowerCase(),
    key,
  ]);
  return [...characters, ...accounts].some((row) => row.account !== account);
}

/**
 * A name that a character may have, in its normal form.
 * @throws HostError name.illegal; character.taken for names of the house, of games and of guests
 */
export function checkCharacterName(host: Host, given: string): string {
  const name = checkNameOf(given);
  const key = toSkeleton(name);
  if (guestName.test(key) || host.zones.games().some((game) => toSkeleton(game.name) === key)) throw taken();
  return name;
}

/** What guests are called who give no name; zeros, ones and fives look like letters. */
const guestName = /^guest[ols0-9]*$/;

function checkNameOf(given: string): string {
  try {
    return checkName(given);
  } catch (error) {
    throw error instanceof HostError && error.code === 'name.taken' ? taken() : error;
  }
}

export function taken(): HostError {
  return new HostError('character.taken', 'Somebody has this name, or one that looks the same');
}

/** @throws HostError character.taken, character.too-many */
export async function insertCharacter(trx: Transaction, row: CharacterRow, most: number): Promise<void> {
  const { id, account, game, name, created } = row;
  const [count] = await trx.run('select count(*) as count from characters where account = ?', [account]);
  if (Number(count?.count) >= most)
    throw new HostError('character.too-many', `The account has ${most} characters already`, { most });
  if (await isTaken(trx.run, name, account)) throw taken();
  // Of two at the same time, and of the account's own, the database lets one in.
  const [made] = await trx.run(
    `insert into characters (id, account, game, name, name_key, created) values (?, ?, ?, ?, ?, ?)
     on conflict (name_key) do nothing returning id`,
    [id, account, game, name, toSkeleton(name), created],
  );
  if (!made) throw taken();
}

function toCharacter(row: Row): CharacterRow {
  const id = String(row.id);
  return {
    id,
    owner: ownerOf(id),
    account: String(row.account),
    game: String(row.game),
    name: String(row.name),
    created: Number(row.created),
    lastSeen: row.last_seen === null ? null : Number(row.last_seen),
  };
}

export function ownerOf(id: string): string {
  return `${prefix}${id}`;
}

/** The id in an owner; undefined for a guest. */
export function idOf(owner: string): string | undefined {
  return owner.startsWith(prefix) ? owner.slice(prefix.length) : undefined;
}

const prefix = 'character:';
