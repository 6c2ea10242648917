import { type Caller, type Host, HostError } from 'roost/plugin';

/** Writes into the audit, where there is one, what was done to a script. What was done is done, whether or not it is written. */
export async function noteAct(host: Host, { id, via }: Caller, method: string, target: string): Promise<void> {
  try {
    await host.call('admin.note', { method, target, ...(via === 'server' ? {} : { session: id }) }, { as: 'server' });
  } catch (error) {
    if (error instanceof HostError && error.code === 'call.unknown-method') return;
    host.log.error({ error, method, target }, 'an act was not written down');
  }
}
