import { defineMethod, type Host } from 'roost/plugin';
import { leaveMatch } from './_asks.ts';
import { deskOf } from './_desk.ts';
import { withMine, withTicket } from './_mine.ts';
import { ownZone } from './_places.ts';
import type { Match, Ticket } from './_tickets.ts';

/** Time to walk out of the match's own zone, in seconds. */
const outS = 5;

/**
 * Leaves your match for good: your seat is open, and you may ask for another one.
 * @returns a status, as `match.status` does
 */
export default defineMethod({
  rate: { perSecond: 5, burst: 20 },
  params: withTicket,
  async handle(given) {
    const { host } = given;
    const desk = deskOf(host);
    const left: { match?: Match | undefined; ticket?: Ticket } = {};
    const status = withMine(given, (_, ticket) => {
      Object.assign(left, { ticket, match: desk.book.matches.get(ticket.match ?? '') });
      leaveMatch(desk.book, ticket, desk.now);
    });
    if (left.match && left.ticket) {
      const { match, ticket } = left;
      host.after(outS, () => takeOut(host, ticket, ownZone(match)));
      // After a restart of the node he is not in it again.
      await desk.done(match.id);
    }
    return status;
  },
});

/** Whoever gets the seat needs the room. */
async function takeOut(host: Host, { owner, account }: Ticket, zone: string | null): Promise<void> {
  for (const session of host.sessions.list()) {
    const isHis = session.owner === owner || (account !== null && session.account?.id === account);
    if (zone === null || session.zone !== zone || !isHis) continue;
    const caller = host.sessions.find(session.id);
    await caller?.leave();
    caller?.send('zone', { zone, state: 'closed', code: 'match.left' });
  }
}
