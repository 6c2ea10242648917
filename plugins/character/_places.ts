/** Where characters are, for everybody to know. */
import type { Host } from 'roost/plugin';
import type { CharacterRow } from './_characters.ts';

export type Place = {
  /** Somebody plays it, or did until a moment ago and may come back. */
  readonly online: boolean;
  /** The zone it is in, or was in last; null before the first. Of a zone that somebody owns without whose it is. */
  readonly zone: string | null;
};

export async function placeOf(host: Host, { owner }: Pick<CharacterRow, 'owner'>): Promise<Place> {
  const played = host.sessions.list().find((session) => session.owner === owner && session.zone !== null);
  if (played) return toPlace(played.zone, true);
  const found = await host.characters.find(owner);
  if (!found) return toPlace(null, false);
  const there = found.away ? [] : (host.zones.find(found.zone)?.who() ?? []);
  return toPlace(
    found.zone,
    there.some(({ id }) => id === found.object),
  );
}

function toPlace(zone: string | null, online: boolean): Place {
  return { online, zone: zone?.replace(/@.*$/, '') ?? null };
}
