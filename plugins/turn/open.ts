import { defineMethod, HostError, line, z } from 'roost/plugin';
import { deskOf, secondsOf } from './_desk.ts';

/**
 * Opens a match for players who need no pairing, and gives the key of each seat.
 * @returns `{ match, seats: [{ key, seat }] }`
 */
export default defineMethod({
  allow: 'server',
  params: z.object({
    /** `owner`: all his connections hear what happens; `session`: that one does, until another asks with the key. */
    seats: z
      .array(z.object({ name: line(64), owner: z.string().optional(), session: z.string().optional() }))
      .min(2)
      .max(64),
    /** Without a completed exchange it is dropped. */
    seconds: z.number().min(1).max(86_400).optional(),
  }),
  handle({ params: { seats, seconds }, host }) {
    const sitters = seats.map(({ name, owner, session }) => ({
      name,
      address: null,
      watcher: watcherOf(owner, session),
    }));
    const started = deskOf(host).relay.open(sitters, seconds, secondsOf(host));
    if (started === null) throw new HostError('turn.matches-full', 'As many matches go on as may');
    return { match: started[0]?.match ?? '', seats: started.map(({ key, seat }) => ({ key, seat })) };
  },
});

function watcherOf(owner: string | undefined, session: string | undefined) {
  if (owner !== undefined) return { user: owner };
  return session === undefined ? null : { session };
}
