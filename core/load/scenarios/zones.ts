import type { JsonObject } from '../../contract/content.ts';
import type { Player } from '../definition.ts';

/** The zone of this player, as `zone.enter` wants it: `zone=a/b,a/c` spreads players over both. */
export function zoneOf({ number, options }: Pick<Player, 'number' | 'options'>): JsonObject {
  const zones = String(options.zone)
    .split(',')
    .filter((zone) => zone !== '');
  const zone = zones[number % Math.max(1, zones.length)];
  return zone === undefined ? {} : { zone };
}
