import { defineMethod } from 'roost/plugin';
import { withMine, withTicket } from './_mine.ts';

/**
 * Says how it stands with your ticket, and that you are still there: over HTTP ask at least every ten seconds.
 * @returns where the ticket is: its state, and with it the match, the players and the seats
 */
export default defineMethod({
  rate: { perSecond: 20, burst: 40 },
  params: withTicket,
  handle: (given) => withMine(given),
});
