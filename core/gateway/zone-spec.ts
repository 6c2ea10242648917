/** What a game declares of a zone, by its id; instances are like their zone. */
import type { ZoneSpec } from '../contract/content.ts';
import type { ZoneId } from '../contract/link.ts';
import type { Zones } from '../contract/ports.ts';
import type { ZoneSight } from './fanout.ts';

/** Undefined where no game declares it. */
export function specOf(zones: Zones, zone: ZoneId): ZoneSpec | undefined {
  const [game = '', rest = ''] = zone.split('/');
  const name = rest.split(/[#@~]/)[0];
  return zones.game(game)?.zones.find((spec) => spec.name === name);
}

/** The same, with the units of its frames. */
export function sightOf(zones: Zones, zone: ZoneId): (ZoneSpec & ZoneSight) | undefined {
  const spec = specOf(zones, zone);
  const game = zones.game(zone.slice(0, zone.indexOf('/')));
  return spec === undefined || game === undefined ? undefined : { ...spec, units: game.units };
}
