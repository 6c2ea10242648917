import { defineMethod, HostError, z } from 'roost/plugin';
import { checkJoin, checkNewRoom } from './_limits.ts';
import { addMember } from './_members.ts';
import { type Room, roomsOf } from './_memory.ts';
import { makerOf, toMember } from './_mine.ts';
import { isChannel, lobby, roomName } from './_names.ts';

/**
 * Makes a room and puts you into it; it lasts as long as somebody is in it. A hidden one is not in the list.
 * @returns `{ room, members, bot }`
 */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 0.5, burst: 5 },
  params: z.object({ room: roomName, hidden: z.boolean().default(false) }),
  async handle({ caller, params: { room: name, hidden }, host }) {
    const rooms = roomsOf(host);
    if (name === lobby || isChannel(name) || rooms.has(name))
      throw new HostError('room.taken', `There is a room "${name}" already`);
    checkNewRoom(rooms, makerOf(caller));
    checkJoin(rooms, caller.owner, undefined);
    const room: Room = { name, by: makerOf(caller), hidden, members: new Map(), bot: null };
    rooms.set(name, room);
    await addMember(host, room, toMember(caller));
    return { room: name, members: 1, bot: null };
  },
});
