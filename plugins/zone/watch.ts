import { defineMethod, z } from 'roost/plugin';
import { toZoneId } from './_zone.ts';

const metres = z.number().min(-10_000).max(10_000);

/**
 * Shows you a zone without a character, from a place and so far (metres), where the game allows that; again for another
 * place, distance or zone.
 * @returns `{ zone }`, then a `snapshot`
 */
export default defineMethod({
  rate: { perSecond: 10, burst: 20 },
  // A zone may take twenty seconds to start, and says so itself when it does not.
  deadlineMs: 30_000,
  params: z.object({
    zone: z.string().min(1).max(100).optional(),
    x: metres,
    y: metres,
    /** No further than a player sees. */
    distance: z.number().min(1).max(200),
  }),
  async handle({ caller, params: { zone, ...spot }, host }) {
    return { zone: await caller.watchZone(toZoneId(host, zone ?? caller.watching ?? host.game), spot) };
  },
});
