import { defineMethod, z } from 'roost/plugin';
import { removeMember } from './_members.ts';
import { getMine } from './_mine.ts';
import { roomName } from './_names.ts';

/**
 * Takes you out of a room, or out of the only one you are in; its members are told.
 * @returns `{ room }`
 */
export default defineMethod({
  params: z.object({ room: roomName.optional() }),
  async handle({ caller, params, host }) {
    const room = getMine(host, caller, params.room);
    const member = room.members.get(caller.owner);
    if (member) await removeMember(host, room, member);
    return { room: room.name };
  },
});
