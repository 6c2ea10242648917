import { defineMethod, HostError, z } from 'roost/plugin';
import { follow } from './_asks.ts';
import { deskOf, knownOf } from './_desk.ts';
import { ticketOf } from './_mine.ts';
import { lend } from './_places.ts';

/**
 * Takes you into the zone of your match, also once more after your connection was lost.
 * @returns as `zone.enter` does
 */
export default defineMethod({
  rate: { perSecond: 5, burst: 20 },
  // A zone may take twenty seconds to start, and says so itself when it does not.
  deadlineMs: 30_000,
  params: z.object({
    ticket: z.string().min(1).max(64).optional(),
    /** Of a guest, or the character of yours that you play. */
    name: z.string().max(64).optional(),
  }),
  async handle({ caller, params, host }) {
    const desk = deskOf(host);
    const ticket = ticketOf(desk, caller, params.ticket);
    const match = ticket.match === null ? undefined : desk.book.matches.get(ticket.match);
    if (ticket.state !== 'started' || !match || match.zone === null)
      throw new HostError('match.not-started', 'Your match has no zone to enter, or not yet');
    desk.hear(ticket);
    // By HTTP a guest is whoever enters now, until then he is nobody.
    follow(desk.book, ticket, knownOf(caller));
    await lend(host, match, desk.book.players(match));
    const name = params.name ?? (caller.name === null ? ticket.name : null);
    return await host.call('zone.enter', { zone: match.zone, ...(name !== null && { name }) });
  },
});
