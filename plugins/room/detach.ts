import { defineMethod, z } from 'roost/plugin';
import { getBotRoom } from './_bots.ts';
import { closeRoom } from './_members.ts';
import { roomName } from './_names.ts';

/** Ends the room of a bot: its members are told. */
export default defineMethod({
  allow: 'server',
  params: z.object({ room: roomName, session: z.string().min(1).max(64) }),
  handle({ params: { room, session }, host }) {
    closeRoom(host, getBotRoom(host, room, session));
    return { room };
  },
});
