import { type Account, type Caller, HostError } from 'roost/plugin';

/** The bot that calls. @throws HostError call.forbidden for the server, which is none */
export function selfOf({ account }: Caller): Account {
  if (account === null) throw new HostError('call.forbidden');
  return account;
}
