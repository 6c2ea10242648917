/** What other plugins say and do about accounts, where they are there. */
import { type Host, HostError, type JsonObject } from 'roost/plugin';

/** @throws HostError when the account may not come in: it is banned */
export async function askAdmission(host: Host, account: string): Promise<void> {
  await callIfThere(host, 'admin.admit', { account });
}

/** Has them delete what they keep of an account. */
export async function purgeElsewhere(host: Host, account: string): Promise<void> {
  // Friends are those of characters, and gone with these nobody knows whose they were.
  await callIfThere(host, 'friends.forget', { account });
  await callIfThere(host, 'character.purge', { account });
  await callIfThere(host, 'mail.forget', { account });
  await callIfThere(host, 'zone.forget', { account });
}

/** Writes down what somebody did by a privilege. @param session  Whose it was. */
export async function noteAct(
  host: Host,
  session: string,
  act: { readonly method: string } & JsonObject,
): Promise<void> {
  await callIfThere(host, 'admin.note', { ...act, session });
}

async function callIfThere(host: Host, method: string, params: JsonObject): Promise<void> {
  try {
    await host.call(method, params, { as: 'server' });
  } catch (error) {
    if (!(error instanceof HostError) || error.code !== 'call.unknown-method') throw error;
  }
}
