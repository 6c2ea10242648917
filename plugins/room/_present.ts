/** Whether members are still there, and on which connection. */
import type { Host, SessionInfo } from 'roost/plugin';
import type { Member } from './_memory.ts';

/** Tells whether somebody still plays the character, or its connection was lost a moment ago. */
export function createLook({ sessions }: Host): (member: Member) => boolean {
  let owners: ReadonlySet<string> | undefined;
  return ({ owner, name }) => {
    if (sessions.ownerOf(name) === owner) return true;
    // A character of an account keeps its name also between two zones; a guest's is free when it leaves.
    if (!owner.startsWith('character:')) return false;
    owners ??= new Set(sessions.list().map((session) => session.owner));
    return owners.has(owner);
  };
}

/** Finds members' connections; those that came back on another one are looked for once for all of them. */
export function createFinder({ sessions }: Host): (member: Member) => string | undefined {
  let byOwner: ReadonlyMap<string, SessionInfo> | undefined;
  return (member) => {
    const known = sessions.find(member.session);
    if (known?.owner === member.owner && known.via !== 'http') return known.id;
    byOwner ??= new Map(
      sessions.list().flatMap((session) => (session.via !== 'http' ? [[session.owner, session] as const] : [])),
    );
    const found = byOwner.get(member.owner);
    if (found !== undefined) member.session = found.id;
    return found?.id;
  };
}
