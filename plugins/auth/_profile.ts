/** What somebody may tell of himself. Nobody but he reads it; his e-mail address is that of his account. */
import { HostError, line, type Transaction, z } from 'roost/plugin';
import type { Read } from './_accounts.ts';

const text = (most: number) =>
  z.union([z.literal(''), line(most)], `wanted a line of at most ${most} characters`).default('');

/** Everything but the e-mail address. What is left out is empty. */
export const profile = {
  firstName: text(64),
  lastName: text(64),
  phone: text(32),
  mobile: text(32),
  address1: text(100),
  address2: text(100),
  city: text(64),
  state: text(64),
  zip: text(16),
  country: text(64),
  /** Year, month, day: `1984-02-29`. */
  birthDate: z.union([z.literal(''), z.iso.date()], 'wanted a date such as 1984-02-29').default(''),
  sex: text(32),
  occupation: text(64),
  income: text(32),
  /** Whether he wants to be written to beyond what his account needs. */
  mailing: z.boolean().default(false),
};

const schema = z.object(profile);

export type Profile = z.output<typeof schema>;

/** A whole one, also before the first was written. */
export async function readProfile(read: Read, account: string): Promise<Profile> {
  const [row] = await read('select json from auth_profiles where account = ?', [account]);
  return schema.parse(row ? JSON.parse(String(row.json)) : {});
}

export async function writeProfile(trx: Transaction, account: string, profile: Profile): Promise<void> {
  const sql =
    'insert into auth_profiles (account, json) values (?, ?) on conflict (account) do update set json = excluded.json';
  await trx.run(sql, [account, JSON.stringify(profile)]);
}

/** @throws HostError call.bad-params for a day that nobody alive was born on */
export function checkBirthDate(birthDate: string, now: number): void {
  if (birthDate === '') return;
  const today = new Date(now * 1000).toISOString().slice(0, 10);
  if (birthDate < '1900-01-01' || birthDate > today)
    throw new HostError('call.bad-params', 'Wrong params for auth.change-profile: "birthDate" is no day of birth', [
      { key: 'birthDate', problem: 'is no day of birth' },
    ]);
}
