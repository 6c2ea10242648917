import { defineMethod, fitting, type JsonObject, z } from 'roost/plugin';
import { deskOf } from './_desk.ts';
import { isLive } from './_tickets.ts';

/** JSON of each of the two lists. */
const bytesMost = 90_000;

/**
 * Lists who waits, and the matches that there are, as many as fit into an answer: as often as an operator wants to look.
 * @returns `{ queues, matches, more }`
 */
export default defineMethod({
  allow: 'operator',
  params: z.object({}),
  handle({ host }) {
    const { book, now } = deskOf(host);
    const waiting = [...book.tickets.values()].filter((ticket) => isLive(ticket) && ticket.state !== 'started');
    const queues = [...Map.groupBy(waiting, ({ game, mode }) => `${game}/${mode}`).values()].map((tickets) => {
      const { game = '', mode = '' } = tickets[0] ?? {};
      const count = (state: string) => tickets.filter((ticket) => ticket.state === state).length;
      const counts = { gathering: count('gathering'), waiting: count('waiting'), found: count('found') };
      const oldest = Math.max(...tickets.map(({ asked }) => now - asked));
      const names = tickets.slice(0, 100).map(({ name, state }) => ({ name, state }));
      return { game, mode, ...counts, oldest: Math.round(oldest * 10) / 10, tickets: names };
    });
    const matches = [...book.matches.values()].map(({ id, game, mode, zone, phase, made, seats, over }) => {
      const shown = seats.map((seat) => seat && { name: seat.name, bot: seat.ticket === null, there: seat.there });
      return {
        id,
        game,
        mode,
        zone,
        state: phase,
        age: Math.round(now - made),
        over,
        seats: shown,
      } satisfies JsonObject;
    });
    const shown = { queues: fitting(queues, bytesMost), matches: fitting(matches, bytesMost) };
    const more = shown.queues.length < queues.length || shown.matches.length < matches.length;
    return { ...shown, more };
  },
});
