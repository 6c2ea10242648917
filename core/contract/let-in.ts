import type { Account } from './ports.ts';

/** Whether a privilege that only lets somebody in (`vip`, `priority`) is the account's, however far its login is trusted. */
export function isLetIn(account: Account | null, privilege: string): boolean {
  return account !== null && (account.privileges.includes(privilege) || account.privileges.includes('admin'));
}
