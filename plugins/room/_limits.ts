/** Rooms cost memory, and every line in them is sent to all who are there. */
import { HostError } from 'roost/plugin';
import type { Room, Rooms } from './_memory.ts';

/** Rooms of players; as many again of bots. */
const roomsMost = 1_000;
/** Rooms that one account, or one address of guests, has made and that are still there. */
const madeMost = 20;
/** Rooms that somebody is in at a time. */
const joinedMost = 10;
const membersMost = 100;

/** @param by  Who makes it; null for a bot. @throws HostError room.too-many */
export function checkNewRoom(rooms: Rooms, by: string | null): void {
  const alike = [...rooms.values()].filter((room) => (room.by === null) === (by === null));
  if (alike.length >= roomsMost) throw new HostError('room.too-many', `There are ${roomsMost} rooms already`);
  if (by !== null && alike.filter((room) => room.by === by).length >= madeMost)
    throw new HostError('room.too-many', `You have made ${madeMost} rooms that are still there`);
}

/** @throws HostError room.too-many, room.full */
export function checkJoin(rooms: Rooms, owner: string, room: Room | undefined): void {
  const joined = [...rooms.values()].filter(({ members }) => members.has(owner));
  if (joined.length >= joinedMost) throw new HostError('room.too-many', `You are in ${joinedMost} rooms already`);
  if (room !== undefined && room.members.size >= membersMost)
    throw new HostError('room.full', `The room holds ${membersMost} of ${membersMost} members`);
}
