/**
 * Serials: keys that registration wants where the setting `serials` is on. `SPRING-7KQ2-M0XV-93TB-XW4E` is the prefix of its
 * batch and 80 bits. They are kept readable, since an administrator hands them out from the list.
 */
import { createHmac } from 'node:crypto';
import { HostError, type Transaction } from 'roost/plugin';
import type { Read } from './_accounts.ts';
import { inGroups, randomLetters, readCode, toLetters } from './_codes.ts';

const letters = 16;
const pattern = /^([A-Z0-9]{1,12})-?((?:[A-Z0-9]-?){16})$/;

/** Of no two batches alike, and not to be guessed. */
export function makeSerial(prefix: string): string {
  return toSerial(prefix, randomLetters(letters));
}

/** The `at`-th of a batch that is the same each time, for whoever knows the seed. */
export function deriveSerial(prefix: string, seed: string, at: number): string {
  const bytes = createHmac('sha256', seed).update(`roost serial\n${prefix}\n${at}`).digest();
  return toSerial(prefix, toLetters(bytes.subarray(0, letters)));
}

function toSerial(prefix: string, random: string): string {
  return `${prefix}-${inGroups(random, 4)}`;
}

/** What somebody typed → the serial that was meant. */
export function readSerial(typed: string): string {
  const [, prefix, random] = pattern.exec(typed.toUpperCase().replace(/\s/g, '')) ?? [];
  return prefix === undefined || random === undefined ? '' : toSerial(prefix, readCode(random));
}

/** The serial that was meant. @throws HostError auth.serial-unknown, auth.serial-used */
export async function checkSerial(read: Read, typed: string): Promise<string> {
  const serial = readSerial(typed);
  const [row] = await read('select account from auth_serials where serial = ?', [serial]);
  if (!row) throw new HostError('auth.serial-unknown', 'There is no such serial');
  if (row.account !== null) throw new HostError('auth.serial-used', 'This serial was used already');
  return serial;
}

/**
 * Marks a serial as used by an account, for good or until the account is deleted.
 * @param now  Unix seconds.
 * @throws HostError auth.serial-unknown, auth.serial-used
 */
export async function useSerial(
  trx: Transaction,
  typed: string,
  { account, name, now }: { readonly account: string; readonly name: string; readonly now: number },
): Promise<void> {
  const serial = await checkSerial(trx.run, typed);
  await trx.run('update auth_serials set account = ?, name = ?, used = ? where serial = ?', [
    account,
    name,
    now,
    serial,
  ]);
}

/** Somebody else may use the serial of an account that is deleted. */
export async function freeSerial(trx: Transaction, account: string): Promise<void> {
  await trx.run('update auth_serials set account = null, name = null, used = null where account = ?', [account]);
}
