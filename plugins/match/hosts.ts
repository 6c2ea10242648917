import { defineMethod, z } from 'roost/plugin';
import { deskOf } from './_desk.ts';
import { isOpen, openSeats } from './_found.ts';

/** Longest list. */
const most = 100;

/**
 * Lists open hosts who have a free seat, the oldest first: `match.find { with: [name] }` brings you to one of them.
 * @returns `{ hosts: [{ name, mode, seats, free, age, numbers, texts }] }`, at most 100
 */
export default defineMethod({
  rate: { perSecond: 2, burst: 10 },
  params: z.object({ game: z.string().max(32).optional(), mode: z.string().max(32).optional() }),
  handle({ params: { game, mode }, host }) {
    const { book, now } = deskOf(host);
    const hosts = [...book.matches.values()].flatMap((match) => {
      const ticket = match.isPrivate ? undefined : book.tickets.get(match.host ?? '');
      const isAsked = match.game === (game ?? host.game) && (mode === undefined || match.mode === mode);
      const free = openSeats(book, match);
      if (!ticket || !isAsked || !isOpen(book, match) || free <= 0) return [];
      const { name, numbers, texts } = ticket;
      return [
        { name, mode: match.mode, seats: match.seats.length, free, age: Math.round(now - match.made), numbers, texts },
      ];
    });
    return { hosts: hosts.slice(0, most) };
  },
});
