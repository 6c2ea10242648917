import { defineMethod, z } from 'roost/plugin';
import { isBlocked } from './_buddies.ts';

/** Tells whether somebody has blocked somebody, both by owner. */
export default defineMethod({
  allow: 'server',
  params: z.object({ owner: z.string().max(64), other: z.string().max(64) }),
  handle: async ({ params: { owner, other }, host }) => ({ blocked: await isBlocked(host.db.read, owner, other) }),
});
