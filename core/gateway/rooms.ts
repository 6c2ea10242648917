import type { Json } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { Rooms, Session } from '../contract/ports.ts';

/** Rooms a plugin may have open at a time. */
const mostRooms = 10_000;

/** Who hears whom beyond zones. Sessions that close are taken out of every room. */
export function createRooms(find: (session: string) => Session | undefined): Rooms & { forget(session: string): void } {
  const rooms = new Map<string, Set<string>>();
  const joined = new Map<string, Set<string>>();

  function get(name: string): Set<string> {
    const members = rooms.get(name);
    if (members === undefined) throw new HostError('room.unknown');
    return members;
  }

  function leave(name: string, session: string): void {
    rooms.get(name)?.delete(session);
    const names = joined.get(session);
    names?.delete(name);
    if (names?.size === 0) joined.delete(session);
  }

  return {
    create(name) {
      if (rooms.has(name)) return;
      if (rooms.size >= mostRooms) throw new HostError('call.too-many', `More than ${mostRooms} rooms`);
      rooms.set(name, new Set());
    },
    find: (name) => rooms.has(name),
    remove(name) {
      for (const session of rooms.get(name) ?? []) leave(name, session);
      rooms.delete(name);
    },
    join(name, session) {
      get(name).add(session);
      const names = joined.get(session) ?? new Set();
      joined.set(session, names);
      names.add(name);
    },
    leave,
    members: (name) => [...get(name)],
    send(name: string, event: string, data: Json, except?: string) {
      const members = [...get(name)].filter((session) => session !== except);
      for (const session of members) find(session)?.send(event, data);
      return members.length > 0;
    },
    forget(session) {
      for (const name of [...(joined.get(session) ?? [])]) leave(name, session);
    },
  };
}
