import { defineMethod, z } from 'roost/plugin';
import { deskOf } from './_desk.ts';

/**
 * Ends a match for everybody in it.
 * @returns `{ closed }`
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ match: z.string().min(1).max(64) }),
  handle: ({ params, host }) => ({ closed: deskOf(host).relay.close(params.match) }),
});
