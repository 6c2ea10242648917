import { type Caller, type Host, HostError, type Zone, type ZoneId } from 'roost/plugin';

/** The caller's zone. @throws HostError zone.none */
export function zoneOf(caller: Caller): Zone {
  if (!caller.zone) throw new HostError('zone.none');
  return caller.zone;
}

/** The zone that the caller sees: the one it is in, or watches. @throws HostError zone.none */
export function seenBy(caller: Caller): ZoneId {
  const zone = caller.zone?.id ?? caller.watching;
  if (zone === null) throw new HostError('zone.none');
  return zone;
}

/** A game's name alone means its start zone. @throws HostError zone.unknown */
export function toZoneId(host: Host, zone: string): ZoneId {
  if (zone.includes('/')) return zone;
  const game = host.zones.game(zone);
  if (!game) throw new HostError('zone.unknown', `No game is called "${zone}"`);
  return game.start.includes('/') ? game.start : `${game.name}/${game.start}`;
}
