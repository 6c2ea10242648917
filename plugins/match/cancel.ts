import { defineMethod } from 'roost/plugin';
import { cancel } from './_asks.ts';
import { withMine, withTicket } from './_mine.ts';

/**
 * Takes you out of the queue, or declines what was found: the others go back to the head of the queue.
 * @returns a status, as `match.status` does
 */
export default defineMethod({
  rate: { perSecond: 5, burst: 20 },
  params: withTicket,
  handle: (given) => withMine(given, (desk, ticket) => cancel(desk.book, ticket, desk.now)),
});
