import { type Account, type Caller, HostError } from 'roost/plugin';

/** Who is logged in, himself and no bot of his. @throws HostError call.forbidden */
export function ownAccount({ account }: Caller): Account {
  if (!account || account.privileges.includes('bot'))
    throw new HostError('call.forbidden', 'Needs a login of your own');
  return account;
}
