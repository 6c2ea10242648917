import { defineMethod } from 'roost/plugin';
import { accept } from './_found.ts';
import { withMine, withTicket } from './_mine.ts';

/**
 * Says that you come into the match that was found. Once more does nothing.
 * @returns a status, as `match.status` does
 */
export default defineMethod({
  rate: { perSecond: 5, burst: 20 },
  params: withTicket,
  handle: (given) => withMine(given, (desk, ticket) => accept(desk.book, ticket, desk.now)),
});
