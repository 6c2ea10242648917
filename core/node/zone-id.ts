/**
 * Names of zones: `game/zone`, and of a zone that there is more than once `game/zone~dimension`, `game/zone#2` (an
 * instance the server opened) or `game/zone@owner`; a dimension stands before the other two.
 */
import { HostError } from '../contract/errors.ts';
import type { ZoneId } from '../contract/link.ts';

export type ZoneName = {
  readonly game: string;
  readonly zone: string;
  readonly dimension: string | null;
  /** Number of a shared instance; the first has none. */
  readonly instance: number | null;
  /** Small letters and digits: who owns it, as the plugin `zone` keeps it; what is longer than a name of an account is a match. */
  readonly owner: string | null;
};

const word = '[a-z0-9][a-z0-9-]{0,63}';
const pattern = new RegExp(`^(${word})/(${word})(?:~(${word}))?(?:#([1-9][0-9]{0,4})|@([A-Za-z0-9]{2,24}))?$`);

/** @throws HostError `zone.malformed`. The id may be whatever a stranger sent. */
export function parseZoneId(id: unknown): ZoneName {
  const match = typeof id === 'string' ? pattern.exec(id) : null;
  if (!match) throw new HostError('zone.malformed');
  const [, game = '', zone = '', dimension, number, owner] = match;
  return {
    ...{ game, zone, dimension: dimension ?? null, owner: owner?.toLowerCase() ?? null },
    instance: number === undefined ? null : Number(number),
  };
}

/** The one way to write it. */
export function toZoneId({ game, zone, dimension, instance, owner }: ZoneName): ZoneId {
  const place = dimension === null ? `${game}/${zone}` : `${game}/${zone}~${dimension}`;
  if (owner !== null) return `${place}@${owner}`;
  return instance === null || instance === 1 ? place : `${place}#${instance}`;
}

/** The whole id of a zone that a script of `from` named, where the game may be left out. */
export function resolveZoneId(named: string, from: ZoneId): ZoneId {
  return named.includes('/') ? named : `${from.slice(0, from.indexOf('/'))}/${named}`;
}
