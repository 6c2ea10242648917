/** Names of zones: `game/zone`, `game/zone#2` (an instance the server opened), `game/zone@owner`. */
import { HostError } from '../contract/errors.ts';
import type { ZoneId } from '../contract/link.ts';

export type ZoneName = {
  readonly game: string;
  readonly zone: string;
  /** Number of a shared instance. */
  readonly instance: number | null;
  readonly owner: string | null;
};

const pattern = /^([a-z0-9][a-z0-9-]{0,63})\/([a-z0-9][a-z0-9-]{0,63})(?:#([1-9][0-9]{0,4})|@([A-Za-z0-9]{2,16}))?$/;

/** @throws HostError `zone.malformed`. The id may be whatever a stranger sent. */
export function parseZoneId(id: unknown): ZoneName {
  const match = typeof id === 'string' ? pattern.exec(id) : null;
  if (!match) throw new HostError('zone.malformed');
  const [, game = '', zone = '', instance, owner] = match;
  return { game, zone, instance: instance === undefined ? null : Number(instance), owner: owner ?? null };
}

/** The whole id of a zone that a script of `from` named, where the game may be left out. */
export function resolveZoneId(named: string, from: ZoneId): ZoneId {
  return named.includes('/') ? named : `${from.slice(0, from.indexOf('/'))}/${named}`;
}
