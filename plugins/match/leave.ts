import { defineMethod } from 'roost/plugin';
import { leaveMatch } from './_asks.ts';
import { deskOf } from './_desk.ts';
import { withMine, withTicket } from './_mine.ts';

/** Leaves your match for good: your seat is open, and you may ask for another one. */
export default defineMethod({
  rate: { perSecond: 5, burst: 20 },
  params: withTicket,
  async handle(given) {
    let left: string | null = null;
    const status = withMine(given, (desk, ticket) => {
      left = ticket.match;
      leaveMatch(desk.book, ticket, desk.now);
    });
    // After a restart of the node he is not in it again.
    if (left !== null) await deskOf(given.host).done(left);
    return status;
  },
});
