import { type Caller, type Host, HostError } from 'roost/plugin';

/** Does what is the operator's alone, and writes into the audit, where there is one, that it was done, or why it was refused. */
export async function noted<T>(
  { caller, host }: { readonly caller: Caller; readonly host: Host },
  act: { readonly method: string; readonly target: string },
  work: () => Promise<T>,
): Promise<T> {
  let outcome = 'ok';
  try {
    return await work();
  } catch (error) {
    outcome = error instanceof HostError ? error.code : 'failed';
    throw error;
  } finally {
    await note(host, caller, { ...act, outcome });
  }
}

/** What was done is done, whether or not it is written. */
async function note(host: Host, { id, via }: Caller, act: { readonly [key: string]: string }): Promise<void> {
  try {
    await host.call('admin.note', { ...act, ...(via === 'server' ? {} : { session: id }) }, { as: 'server' });
  } catch (error) {
    if (error instanceof HostError && error.code === 'call.unknown-method') return;
    host.log.error({ error, ...act }, 'an act was not written down');
  }
}
