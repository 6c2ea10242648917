/** Rows of friends and of those who want to be. */
import { HostError, type Row, type Transaction } from 'roost/plugin';

/**
 * `ignored`: the other has declined; `walled`: asked for while the other blocked the owner, or had been asked then. Neither is shown
 * to the other.
 */
export type BuddyState = 'asked' | 'ignored' | 'walled' | 'friend';

export type Buddy = {
  readonly owner: string;
  readonly other: string;
  readonly state: BuddyState;
  /** The owner does not want it any more, for now. */
  readonly withdrawn: boolean;
  readonly text: string | null;
  readonly note: string | null;
  readonly rating: number | null;
  /** Unix seconds. */
  readonly created: number;
};

/** Friends and open requests of one character. */
export const buddiesMost = 200;
/** The same with those that were withdrawn. */
const rowsMost = 500;
/** Requests that wait for the answer of one character. */
export const requestsMost = 100;

type Read = Transaction['run'];

export async function findBuddy(read: Read, owner: string, other: string): Promise<Buddy | undefined> {
  const [row] = await read('select * from buddies where owner = ? and other = ?', [owner, other]);
  return row && toBuddy(row);
}

export function toBuddy(row: Row): Buddy {
  const { owner, other, state, withdrawn, text, note, rating, created } = row;
  const orNull = (value: unknown) => (value === null ? null : String(value));
  return {
    owner: String(owner),
    other: String(other),
    state: state as BuddyState,
    withdrawn: Number(withdrawn) === 1,
    text: orNull(text),
    note: orNull(note),
    rating: rating === null ? null : Number(rating),
    created: Number(created),
  };
}

/** Both are friends from now on, whatever was between them. @throws HostError friends.too-many */
export async function befriend(trx: Transaction, one: string, two: string, now: number): Promise<void> {
  for (const [owner, other] of [
    [one, two],
    [two, one],
  ] as const) {
    const known = await findBuddy(trx.run, owner, other);
    if (!known || known.withdrawn) await checkCount(trx, owner, known ? 0 : 1);
    if (!known)
      await insertBuddy(trx, { owner, other, state: 'friend', text: null, note: null, rating: null, created: now });
    await trx.run("update buddies set state = 'friend', withdrawn = 0, created = ? where owner = ? and other = ?", [
      now,
      owner,
      other,
    ]);
  }
}

export async function insertBuddy(trx: Transaction, buddy: Omit<Buddy, 'withdrawn'>): Promise<void> {
  const { owner, other, state, text, note, rating, created } = buddy;
  await trx.run('insert into buddies (owner, other, state, text, note, rating, created) values (?, ?, ?, ?, ?, ?, ?)', [
    owner,
    other,
    state,
    text,
    note,
    rating,
    created,
  ]);
}

/** @param added  Rows that come. @throws HostError friends.too-many */
export async function checkCount(trx: Transaction, owner: string, added: 0 | 1 = 1): Promise<void> {
  const [row] = await trx.run('select count(*) as count, sum(1 - withdrawn) as shown from buddies where owner = ?', [
    owner,
  ]);
  if (Number(row?.shown) >= buddiesMost || Number(row?.count) + added > rowsMost)
    throw new HostError('friends.too-many', `Nobody has more than ${buddiesMost} friends`);
}

/** Sets what the owner keeps for himself; null removes it. */
export async function noteBuddy(
  trx: Transaction,
  [owner, other]: readonly [string, string],
  { note, rating }: { readonly note?: string | null | undefined; readonly rating?: number | null | undefined },
): Promise<void> {
  const pair = [owner, other];
  if (note !== undefined) await trx.run('update buddies set note = ? where owner = ? and other = ?', [note, ...pair]);
  if (rating !== undefined)
    await trx.run('update buddies set rating = ? where owner = ? and other = ?', [rating, ...pair]);
}

/** Requests that `other` is shown. */
export async function countRequests(trx: Transaction, other: string): Promise<number> {
  const [row] = await trx.run(
    "select count(*) as count from buddies where other = ? and state = 'asked' and withdrawn = 0",
    [other],
  );
  return Number(row?.count);
}

/** Whether `owner` wants nothing of `other`. */
export async function isBlocked(read: Read, owner: string, other: string): Promise<boolean> {
  const rows = await read('select other from blocks where owner = ? and other = ?', [owner, other]);
  return rows.length > 0;
}
