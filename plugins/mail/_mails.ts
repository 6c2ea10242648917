/** Rows of mail: what is in a box, and what of it its owner sees. */
import { randomBytes } from 'node:crypto';
import { HostError, type Row, type Transaction, z } from 'roost/plugin';
import type { Address, Sender } from './_people.ts';

/** Mails that are kept of those that were written to one name. */
const keptMost = 200;
/** Of these, from one account and not read yet. */
const unreadMost = 20;
/** What an account may try to send in a day, to names that there are or are not. */
const triedMost = 100;
export const dayS = 86_400;

/** Params: which mail. */
export const mailId = z.string().regex(/^[\w-]{22}$/, 'wanted the id of a mail');

type Read = Transaction['run'];

/** The milliseconds that it is sent at, and 80 bits of chance, so that nobody finds one by trying. @param at  Unix seconds. */
function newId(at: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Math.round(at * 1_000), 0, 6);
  return bytes.toString('base64url');
}

/** When the mail of that id was sent, also when it is there no more. @returns Unix seconds */
function sentOf(id: string): number {
  return Buffer.from(id, 'base64url').readUIntBE(0, 6) / 1_000;
}

/** What is said of a mail in a list. */
type Head = {
  readonly id: string;
  readonly from: string;
  /** There is no such character any more: who has the name now is somebody else. */
  readonly gone: boolean;
  /** The name that it was written to: of the account, or of one of its characters. */
  readonly to: string;
  readonly subject: string;
  /** Unix seconds. */
  readonly at: number;
  /** Whether its owner has read it. */
  readonly read: boolean;
};

/** Newest first, those after the mail `after`, which may have been deleted since. */
export async function listMails(
  read: Read,
  account: string,
  { after, limit, unread }: { readonly after?: string | undefined; readonly limit: number; readonly unread: boolean },
): Promise<readonly Head[]> {
  const last = after === undefined ? [] : [sentOf(after), sentOf(after), after];
  const rows = await read(
    `${heads} where m.account = ? and m.ignored = 0 ${unread ? 'and m.seen is null' : ''}
     ${after === undefined ? '' : 'and (m.sent < ? or (m.sent = ? and m.id < ?))'} order by m.sent desc, m.id desc limit ?`,
    [account, ...last, limit],
  );
  return rows.map(toHead);
}

export async function findMail(
  read: Read,
  account: string,
  id: string,
): Promise<(Head & { readonly text: string }) | undefined> {
  const [row] = await read(`${heads} where m.id = ? and m.account = ? and m.ignored = 0`, [id, account]);
  return row && { ...toHead(row), text: String(row.text) };
}

const heads = `select m.id, m.from_name, m.to_name, m.subject, m.text, m.sent, m.seen, c.id as writer
  from mails m left join characters c on c.id = m.sender and c.gone is null`;

function toHead({ id, from_name, to_name, subject, sent, seen, writer }: Row): Head {
  return {
    ...{ id: String(id), from: String(from_name), gone: writer === null, to: String(to_name) },
    ...{ subject: String(subject), at: Number(sent), read: seen !== null },
  };
}

/** Somebody else's is none, in the same words. */
export function notFound(): HostError {
  return new HostError('mail.not-found', 'You have no such mail');
}

/** How many mails are in a box, and how many of them are not read. */
export async function countMails(
  read: Read,
  account: string,
): Promise<{ readonly total: number; readonly unread: number }> {
  const [row] = await read(
    `select count(*) as total, sum(case when seen is null then 1 else 0 end) as unread
     from mails where account = ? and ignored = 0`,
    [account],
  );
  return { total: Number(row?.total ?? 0), unread: Number(row?.unread ?? 0) };
}

/** Counts what somebody tries to send. @throws HostError mail.too-many when it is enough for the day */
export async function countTry(trx: Transaction, account: string, now: number): Promise<void> {
  const day = Math.floor(now / dayS);
  const [row] = await trx.run(
    `insert into mail_counts (account, day, tried) values (?, ?, 1) on conflict (account) do update set
       tried = case when mail_counts.day = excluded.day then mail_counts.tried + 1 else 1 end, day = excluded.day
     returning tried`,
    [account, day],
  );
  const retryS = Math.ceil((day + 1) * dayS - now);
  if (Number(row?.tried) > triedMost)
    throw new HostError('mail.too-many', `Nobody sends more than ${triedMost} mails a day`, { retryS });
}

type Letter = {
  readonly from: Sender;
  readonly to: Address;
  readonly subject: string;
  readonly text: string;
  /** The receiver has blocked the sender. */
  readonly ignored: boolean;
  readonly at: number;
};

/**
 * Puts a mail into a box; gives its id. Why it cannot is told in the same words whether the sender is blocked or not.
 * @throws HostError mail.full, mail.too-many
 */
export async function putMail(trx: Transaction, { from, to, subject, text, ignored, at }: Letter): Promise<string> {
  const [counts] = await trx.run(
    `select sum(1 - ignored) as kept, sum(case when sender_account = ? and seen is null then 1 else 0 end) as unread
     from mails where address = ?`,
    [from.account, to.address],
  );
  if (Number(counts?.unread ?? 0) >= unreadMost)
    throw new HostError('mail.too-many', `${to.name} has ${unreadMost} mails of yours to read already`);
  if (Number(counts?.kept ?? 0) >= keptMost) throw new HostError('mail.full', `The mailbox of ${to.name} is full`);
  const id = newId(at);
  await trx.run(
    `insert into mails
       (id, account, address, to_name, sender, sender_account, from_name, subject, text, ignored, sent)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[id, to.account, to.address, to.name, from.character, from.account, from.name],
      // What nobody reads takes no room.
      ...(ignored ? ['', '', 1] : [subject, text, 0]),
      at,
    ],
  );
  return id;
}
