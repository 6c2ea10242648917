import { defineMethod, z } from 'roost/plugin';
import { holds, memoryOf } from './_memory.ts';

/**
 * Tells whether an account (or a guest, by owner) may not speak now, and until when.
 * @returns `{ muted, until }`, from memory
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ account: z.string().min(1).max(64) }),
  handle({ params: { account }, host }) {
    const { mutes } = memoryOf(host);
    const muted = holds(mutes, account, host.clock.now());
    return { muted, until: muted ? (mutes.get(account) ?? null) : null };
  },
});
