/** Who may not speak anywhere does not by the relay either. */
import { type Caller, type Host, HostError } from 'roost/plugin';

/** @throws HostError chat.muted while whoever writes a text is kept from speaking */
export async function checkVoice(host: Host, caller: Caller, text: string | undefined): Promise<void> {
  // Asked also without a text: of two requests of one connection none overtakes the other.
  const refusal = await findRefusal(host, caller);
  if (refusal !== null && text !== undefined) throw refusal;
}

async function findRefusal(host: Host, { id, via }: Caller): Promise<HostError | null> {
  if (via === 'server') return null;
  try {
    await host.call('chat.voice', { session: id }, { as: 'server' });
    return null;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    // A node without chat keeps nobody from it.
    return error.code === 'call.unknown-method' ? null : error;
  }
}
