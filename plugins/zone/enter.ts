import { defineMethod, type Host, HostError, z } from 'roost/plugin';

/** Puts your character into a zone: `farmyard/meadow`, or `farmyard` for where that game starts. */
export default defineMethod({
  rate: { perSecond: 2, burst: 10 },
  // A zone may take twenty seconds to start, and says so itself when it does not.
  deadlineMs: 30_000,
  params: z.object({
    zone: z.string().min(1).max(100).optional(),
    name: z.string().max(64).optional(),
  }),
  handle: ({ caller, params, host }) => caller.enter(toZoneId(host, params.zone ?? host.game), params.name),
});

/** A game's name alone means its start zone. */
function toZoneId(host: Host, zone: string): string {
  if (zone.includes('/')) return zone;
  const game = host.zones.game(zone);
  if (!game) throw new HostError('zone.unknown', `No game is called "${zone}"`);
  return game.start.includes('/') ? game.start : `${game.name}/${game.start}`;
}
