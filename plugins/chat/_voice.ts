/** Who may speak at all. */
import { type Caller, type Host, HostError, z } from 'roost/plugin';
import { askIfThere } from './_if-there.ts';

const verdict = z.object({ muted: z.boolean(), until: z.number().nullable() });

/** @throws HostError chat.muted while the account, or the guest, is kept from speaking */
export async function checkVoice(host: Host, { account, owner }: Pick<Caller, 'account' | 'owner'>): Promise<void> {
  const answer = await askIfThere(host, 'admin.muted', { account: account?.id ?? owner });
  if (answer === undefined) return;
  const { muted, until } = verdict.parse(answer);
  if (muted) throw new HostError('chat.muted', 'You cannot speak here for now', { until });
}
