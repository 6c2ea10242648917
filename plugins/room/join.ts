import { defineMethod, type Host, HostError, type PlayerCaller, z } from 'roost/plugin';
import { checkJoin, checkNewRoom } from './_limits.ts';
import { addMember } from './_members.ts';
import { type Room, roomsOf } from './_memory.ts';
import { makerOf, toMember } from './_mine.ts';
import { isChannel, lobby, roomName } from './_names.ts';

/**
 * Puts you into a room that there is, or into the channel of a number; its members are told.
 * @returns `{ room, members, bot }`
 */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 0.5, burst: 10 },
  params: z.object({ room: roomName }),
  async handle({ caller, params: { room: name }, host }) {
    // Everybody is in the lobby already.
    if (name === lobby) return { room: lobby, members: 0, bot: null };
    const room = roomsOf(host).get(name) ?? openChannel(host, caller, name);
    if (!room.members.has(caller.owner)) checkJoin(roomsOf(host), caller.owner, room);
    roomsOf(host).set(name, room);
    await addMember(host, room, toMember(caller));
    return { room: name, members: room.members.size, bot: room.bot?.name ?? null };
  },
});

/** @throws HostError room.unknown when it is no channel, room.too-many */
function openChannel(host: Host, caller: PlayerCaller, name: string): Room {
  if (!isChannel(name)) throw new HostError('room.unknown');
  checkNewRoom(roomsOf(host), makerOf(caller));
  return { name, by: makerOf(caller), hidden: false, members: new Map(), bot: null };
}
