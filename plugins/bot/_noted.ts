import { type Caller, type Host, HostError, type JsonObject } from 'roost/plugin';

type Act = { readonly method: string; readonly target: string };

/**
 * Does it, and writes into the audit and the log that it was done, or why it was refused. The refusal of a bot goes to the log
 * alone: one that stands by for another asks again and again.
 */
export async function noted<T>(
  { caller, host }: { readonly caller: Caller; readonly host: Host },
  act: Act,
  work: () => Promise<T>,
): Promise<T> {
  let outcome = 'ok';
  try {
    return await work();
  } catch (error) {
    outcome = error instanceof HostError ? error.code : 'failed';
    throw error;
  } finally {
    await note(caller, host, act, outcome);
  }
}

async function note(caller: Caller, host: Host, act: Act, outcome: string): Promise<void> {
  const { account, address, id, via } = caller;
  host.log.info({ who: account?.name ?? via, address, act: act.method, target: act.target, outcome }, 'bot act');
  if (outcome !== 'ok' && account?.privileges.includes('bot')) return;
  const params: JsonObject = { ...act, outcome, ...(via === 'server' ? {} : { session: id }) };
  await host.call('admin.note', params, { as: 'server' });
}
