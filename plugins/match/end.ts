import { defineMethod, z } from 'roost/plugin';
import { deskOf } from './_desk.ts';
import { endMatch, finish } from './_matches.ts';

/**
 * Ends a match for everybody in it; nobody has dropped out on anybody by that. For other plugins.
 * @returns `{ ended }`
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ match: z.string().min(1).max(64) }),
  handle({ params, host }) {
    const desk = deskOf(host);
    const match = desk.book.matches.get(params.match);
    if (!match) return { ended: false };
    finish(desk.book, match.id);
    endMatch(desk.book, match, desk.now);
    desk.settle();
    return { ended: true };
  },
});
