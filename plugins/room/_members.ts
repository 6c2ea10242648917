/** Coming and going, and what the others are told of it. */
import type { Caller, Host, JsonObject } from 'roost/plugin';
import { avatarOf } from './_avatars.ts';
import { toBotMember } from './_bots.ts';
import type { Member, Room } from './_memory.ts';
import { roomsOf } from './_memory.ts';
import { createFinder, createLook } from './_present.ts';

/** Sends to every member; who is out of reach is named. */
export function tellMembers(
  host: Host,
  room: Room,
  event: string,
  data: JsonObject,
  except?: string,
): { readonly delivered: number; readonly missed: readonly string[] } {
  const find = createFinder(host);
  const missed: string[] = [];
  let delivered = 0;
  for (const member of room.members.values()) {
    if (member.owner === except) continue;
    const session = find(member);
    if (session !== undefined && host.send({ session }, event, data)) delivered += 1;
    else missed.push(member.name);
  }
  return { delivered, missed };
}

/** Puts somebody into the room and tells the others; harmless when he is in it. */
export async function addMember(host: Host, room: Room, member: Member): Promise<void> {
  if (room.members.has(member.owner)) return;
  room.members.set(member.owner, member);
  // Whoever had the name before and is gone leaves first.
  for (const one of [...room.members.values()])
    if (one.name === member.name && one !== member) await removeMember(host, room, one);
  await announce(host, room, 'room-joined', member);
}

/** Takes somebody out and tells the others; the room is gone with the last one, unless a bot is in it. */
export async function removeMember(host: Host, room: Room, member: Member): Promise<void> {
  if (!room.members.delete(member.owner)) return;
  if (room.members.size === 0 && room.bot === null) roomsOf(host).delete(room.name);
  else await announce(host, room, 'room-left', member);
}

/** Takes whoever is there no more out of every room. */
export async function dropAbsent(host: Host): Promise<void> {
  const isThere = createLook(host);
  for (const room of [...roomsOf(host).values()]) {
    if (room.bot && !host.sessions.find(room.bot.session)) closeRoom(host, room);
    for (const member of [...room.members.values()]) if (!isThere(member)) await removeMember(host, room, member);
  }
}

/** A connection is gone: a bot's rooms end; a player's character may still wait for him. */
export async function dropSession(host: Host, { id, owner }: Pick<Caller, 'id' | 'owner'>): Promise<void> {
  const isThere = createLook(host);
  for (const room of [...roomsOf(host).values()]) {
    if (room.bot?.session === id) closeRoom(host, room);
    const member = room.members.get(owner);
    if (member && !isThere(member)) await removeMember(host, room, member);
  }
}

/** The room ends: its members are told and are in it no more. */
export function closeRoom(host: Host, room: Room): void {
  roomsOf(host).delete(room.name);
  tellMembers(host, room, 'room-closed', { room: room.name });
  room.members.clear();
}

async function announce(host: Host, room: Room, event: string, member: Member): Promise<void> {
  const told = { room: room.name, name: member.name, avatar: await avatarOf(host, member) };
  tellMembers(host, room, event, told, member.owner);
  if (room.bot) host.send({ session: room.bot.session }, event, { ...told, member: toBotMember(host, member) });
}
