import { type Caller, HostError } from 'roost/plugin';

/** Id of the account that the caller is logged in with. @throws HostError call.forbidden */
export function mine(caller: Caller): string {
  if (!caller.account) throw new HostError('call.forbidden');
  return caller.account.id;
}
