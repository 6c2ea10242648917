/** Who is online: whoever is in a zone, and whoever has chosen a character of an account. */
import type { Host } from 'roost/plugin';

export type Present = {
  readonly name: string;
  /** Of a zone that somebody owns without whose it is. */
  readonly zone: string | null;
  readonly guest: boolean;
};

/** By name, each once. */
export function listPresent(host: Host): readonly Present[] {
  const byName = new Map<string, Present>();
  // The name of a guest that is in no zone is free for others.
  for (const { name, zone, owner } of host.sessions.list())
    if (name !== null && (zone !== null || isKept(owner)))
      byName.set(name, { name, zone: withoutOwner(zone), guest: !isKept(owner) });
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Owner of whoever is online under exactly this name, or was until a moment ago. */
export function findByName(host: Host, given: string): string | null {
  const name = given.normalize('NFKC').trim();
  const inPlay = host.sessions.ownerOf(name);
  if (inPlay !== null) return inPlay;
  return host.sessions.list().find((one) => one.name === name && isKept(one.owner))?.owner ?? null;
}

/** After the `@` is the name of an account, which is not for others to know. */
export function withoutOwner<T extends string | null>(zone: T): T | string {
  return zone === null ? zone : zone.replace(/@.*$/, '');
}

function isKept(owner: string): boolean {
  return owner.startsWith('character:');
}
