import { defineMethod, z } from 'roost/plugin';
import { deskOf, secondsOf } from './_desk.ts';

/**
 * Says which of these matches there are no more.
 * @returns `{ ended }`, a list
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ matches: z.array(z.string().min(1).max(64)).max(2_000) }),
  handle({ params: { matches }, host }) {
    const { relay } = deskOf(host);
    relay.sweep(secondsOf(host));
    return { ended: matches.filter((match) => !relay.has(match)) };
  },
});
